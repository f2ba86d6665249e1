// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes of a file are, the program ends with a verdict or a line, never a trace. */
class HostileInputTest {
  private static final String CLOSED =
      Run.namespaces("a")
          + Run.podAt("a", "x", "10.0.0.1")
          + Run.podAt("a", "y", "10.0.0.2")
          + Run.policy("a", "p", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
  private static final String EXPECTATIONS =
      """
      {"from": "a/x", "to": "a/y", "protocol": "TCP", "port": 80, "expect": "DENIED"}
      {"from": "external", "to": "10.0.0.2", "protocol": "UDP", "port": 53, "expect": "DENIED"}
      """;
  private static final String LIST =
      """
      - {from: a/x, to: a/y, protocol: TCP, port: 80, expect: DENIED}
      - from: external
        to: "10.0.0.2"
        port: 53
        expect: DENIED
      """;

  @TempDir private Path directory;

  @Test
  void randomChangesOfAManifestNeverOpenAClosedCluster() throws IOException {
    long seed = System.nanoTime();
    System.out.println("HostileInputTest manifests, seed " + seed);
    var random = new Random(seed);
    Path closed = Run.file(directory, "closed.yaml", CLOSED);
    Path changed = directory.resolve("changed.yaml");
    for (int i = 0; i < 150; i++) {
      Files.write(changed, changed(Run.policy("a", "p", "{podSelector: {}}") + LIST, random));
      Run run =
          Run.of("check", "-m", closed, "-m", changed, "--from", "a/x", "--to", "a/y", "-p", "80");
      assertEnds(run);
      assertThat(run.out()).as(() -> run + "\n" + text(changed)).doesNotStartWith("ALLOWED");
      assertThat(run.code()).isNotZero();
    }
  }

  @Test
  void randomChangesOfExpectationsEndInAVerdictOrALine() throws IOException {
    long seed = System.nanoTime();
    System.out.println("HostileInputTest expectations, seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      expect(changed(i % 2 == 0 ? EXPECTATIONS : LIST, random));
    }
  }

  @Test
  void deepNestingIsALineToo() throws IOException {
    expect("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    expect(("{\"a\":".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
    expect(("{\"a\":".repeat(2_000)).getBytes(StandardCharsets.UTF_8));
    expect(("a: ".repeat(5_000)).getBytes(StandardCharsets.UTF_8));
    expect(("? ".repeat(5_000)).getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  void anyBytesAreExpectationsOrAnError(byte[] bytes) throws IOException {
    Path own = Files.createTempDirectory("expectations");
    try {
      expect(bytes, own);
    } finally {
      try (var files = Files.list(own)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(own);
    }
  }

  private void expect(byte[] bytes) throws IOException {
    expect(bytes, directory);
  }

  private static void expect(byte[] bytes, Path directory) throws IOException {
    Path closed = Run.file(directory, "closed.yaml", CLOSED);
    Path file = Files.write(directory.resolve("expectations"), bytes);
    Run run = Run.of("expect", "-m", closed, "-e", file);
    assertEnds(run);
    assertThat(run.out().isEmpty()).isEqualTo(run.code() == 2);
  }

  private static void assertEnds(Run run) {
    assertThat(run.err()).doesNotContain("mistake in the program").doesNotContain("\tat ");
    assertThat(run.code()).isBetween(0, 2);
    if (run.code() == 2) {
      assertThat(run.errors()).isNotEmpty().allMatch(line -> line.matches(".*: .*"));
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] changed(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "{}[]:,-\"'&*!|>#\n \t0".charAt(random.nextInt(19));
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        default -> bytes[at] = bytes[random.nextInt(bytes.length)];
      }
    }
    return bytes;
  }
}
