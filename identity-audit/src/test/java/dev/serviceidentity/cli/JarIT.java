// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The one jar, as it is handed out. */
class JarIT {
  private static final Path JAR = Path.of("target/identity-audit.jar");

  private static Run run(String... arguments) throws IOException, InterruptedException {
    return piped("", arguments);
  }

  private static Run piped(String in, String... arguments)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path err = Path.of("target", "jar-it-stderr.txt");
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of(java, "-jar", JAR.toString()), Stream.of(arguments))
                    .toList())
            .redirectError(err.toFile())
            .start();
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write(in.getBytes(StandardCharsets.UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), out, Files.readString(err));
  }

  @Test
  void itRunsByItselfAndSaysNothingBesides() throws Exception {
    Run allowed =
        run("check", "-m", Run.SHOP, "--from", "shop/web-0", "--to", "shop/orders-0", "-p", "8443");
    assertThat(allowed.code()).isZero();
    assertThat(allowed.out()).startsWith("ALLOWED\nshop/web-0 (127.10.0.2) → shop/orders-0");
    assertThat(allowed.err()).isEmpty();

    Run wrong = run("check");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.errors()).hasSize(1);
    assertThat(run("--version").out()).matches("identity-audit [0-9]+\\.[0-9]+.*\n");
  }

  @Test
  void itReadsFromAPipe() throws Exception {
    String pods = Run.pod("a", "x", "") + Run.pod("a", "y", "");

    Run run = piped(pods, "check", "-m", "-", "--from", "a/x", "--to", "a/y", "-p", "80");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("ALLOWED\n");
  }

  @Test
  void itIsOneClassPathWithEveryServiceAndLicence() throws IOException {
    try (var jar = new JarFile(JAR.toFile())) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      assertThat(names)
          .doesNotHaveDuplicates()
          .noneMatch(name -> name.endsWith("module-info.class"))
          .noneMatch(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA)"))
          .contains(
              "META-INF/LICENSE",
              "META-INF/NOTICE",
              "META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
      assertThat(jar.getManifest().getMainAttributes().getValue("Multi-Release")).isEqualTo("true");
    }
  }
}
