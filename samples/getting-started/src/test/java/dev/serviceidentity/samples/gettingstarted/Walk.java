// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Takes the steps of a page in a folder: first the block that makes certificates, then, while the
 * service runs, the calls, each of which must come to what the page shows. Last, the operator must
 * have been told what the page says.
 */
public final class Walk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Page page;
  private final Path folder;
  private final ToldOperator operator = new ToldOperator();

  public Walk(String page, Path folder) {
    this.page = Page.of(page);
    this.folder = folder;
    Stream.of("curl", "openssl").forEach(Walk::require);
  }

  /** Makes what the page has made before the service starts. */
  public Path prepared() throws IOException, InterruptedException {
    for (Page.Step step : page.steps(page.blocks("console").get(0))) {
      assertThat(typed(step.command()).status()).as(step.command()).isZero();
    }
    for (String yaml : page.blocks("yaml")) {
      Files.writeString(folder.resolve("shop/cluster.yaml"), yaml);
    }
    return folder;
  }

  /** Makes the calls of the page, and looks at what comes back and at what is logged. */
  public void callsTheServiceOn(int port) throws IOException, InterruptedException {
    var definitions = new StringBuilder();
    for (Page.Step step : page.steps(page.blocks("console").get(1))) {
      String command = step.command().replaceFirst("127.0.0.1:\\d+", "127.0.0.1:" + port);
      if (command.contains("() {")) {
        definitions.append(command).append('\n');
      } else {
        assertThat(lines(typed(definitions + command).text()))
            .as(step.command())
            .isNotEmpty()
            .containsExactlyInAnyOrderElementsOf(lines(step.answer()));
      }
    }
    page.blocks("text").stream().flatMap(Walk::eachLine).forEach(this::mustBeLogged);
  }

  @Override
  public void close() {
    operator.close();
  }

  private void mustBeLogged(String line) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!operator.wasTold(line) && Instant.now().isBefore(end)) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(operator.lines()).contains(line);
  }

  private record Typed(int status, String text) {}

  private Typed typed(String command) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", command.replace("~/service-identity", Page.ROOT.toString()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    shell.getOutputStream().close();
    String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Typed(shell.exitValue(), text);
  }

  private static List<String> lines(String answer) {
    return eachLine(answer).toList();
  }

  /** Without what is another one each time: ids, and where a connection was when it was ended. */
  static Stream<String> eachLine(String text) {
    return text.lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.replaceAll("\\b[0-9a-f]{24}\\b", "ID"))
        .map(line -> line.replaceAll("curl: \\((35|52|55|56)\\).*", "curl: (56) ended"));
  }

  private static void require(String program) {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        program + " is not installed");
  }
}
