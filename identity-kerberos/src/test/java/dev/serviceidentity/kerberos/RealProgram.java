// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the operating system; a test that needs a missing one is skipped and names it. */
final class RealProgram {
  /** Where Debian keeps servers, which not everybody has in the path. */
  private static final String SERVERS = "/usr/sbin";

  private final Path executable;

  private RealProgram(Path executable) {
    this.executable = executable;
  }

  static RealProgram required(String name, String debianPackage) {
    Stream<String> places =
        Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of(SERVERS));
    List<Path> found =
        places.map(place -> Path.of(place, name)).filter(Files::isExecutable).limit(1).toList();
    assumeTrue(!found.isEmpty(), "not here: " + name + " (Debian package " + debianPackage + ")");
    return new RealProgram(found.get(0));
  }

  /** A program that needs a file of another package. */
  static RealProgram requiredWith(String name, String debianPackages, Path file) {
    RealProgram program = required(name, debianPackages);
    assumeTrue(Files.exists(file), "not here: " + file + " (Debian " + debianPackages + ")");
    return program;
  }

  /**
   * A port for a program that cannot choose one, below those that the system gives to whoever takes
   * any: so no test gets it before the program has it, or while the program starts again.
   */
  static int unusedPort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        Thread.onSpinWait();
      }
    }
  }

  /** Starts it with its output in a file. */
  Process start(Map<String, String> environment, Path output, String... arguments)
      throws IOException {
    var command = Stream.concat(Stream.of(executable.toString()), Stream.of(arguments)).toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.redirectOutput(output.toFile()).start();
  }

  /** Demands that it succeeds, and returns what it has written. */
  String run(Map<String, String> environment, Path directory, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, executable.getFileName().toString(), ".out");
    Process process = start(environment, output, arguments);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(this + " ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertThat(process.exitValue()).as(this + ": " + text).isZero();
    return text;
  }

  @Override
  public String toString() {
    return executable.toString();
  }
}
