// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program of this machine that has been started; its output, of both kinds, is in a file. */
final class Program implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path output;

  private Program(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Skips the test if it is not here. */
  static Path required(String name, String debianPackage) {
    Path executable =
        Stream.concat(
                // Where servers are, which not everybody has in the path.
                Stream.of("/usr/sbin", "/usr/local/sbin"),
                Stream.of(System.getenv("PATH").split(File.pathSeparator)))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(executable != null, "not here: " + name + " (Debian package " + debianPackage + ")");
    return executable;
  }

  static Program start(Path output, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new Program(process, output);
  }

  /** Runs to the end, with nothing to read, and returns what was written. */
  static String run(Path directory, List<String> command) throws Exception {
    Path output = Files.createTempFile(directory, "program", ".out");
    try (Program program = start(output, command)) {
      program.process.getOutputStream().close();
      assertThat(program.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("%s ends: %s", command, program.written())
          .isTrue();
      return program.written() + "exit " + program.process.exitValue();
    }
  }

  /** Waits until this is written, and returns how. */
  Matcher await(Pattern text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      boolean ended = hasEndedIn20Millis();
      Matcher found = text.matcher(written());
      if (found.find()) {
        return found;
      }
      assertThat(ended).as("ended without %s: %s", text, written()).isFalse();
    }
    throw new AssertionError("does not write " + text + ": " + written());
  }

  boolean hasEndedIn20Millis() throws InterruptedException {
    return process.waitFor(20, TimeUnit.MILLISECONDS);
  }

  /** By a command, since Java knows no signals but those that end. */
  void signal(String name) throws Exception {
    var kill = List.of("kill", "-" + name, Long.toString(process.pid()));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
  }

  String written() throws Exception {
    return Files.readString(output, ISO_8859_1);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
