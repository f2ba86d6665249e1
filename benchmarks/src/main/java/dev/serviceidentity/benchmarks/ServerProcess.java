// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.FilterWorld.Proof;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A {@link FilterServer} in a JVM of its own, on two cores that callers do not use. */
final class ServerProcess implements AutoCloseable {
  private static final String CORES = "0,1";
  private static final String LOGGING = "java.util.logging.config.file";
  private static final String DECLARED_PORT = "containerPort: 8443";

  final int port;
  final boolean filtered;
  private final FilterWorld world;
  private final Process process;
  private final BufferedReader output;

  private ServerProcess(FilterWorld world, int port, boolean filtered, Process process) {
    this.world = world;
    this.port = port;
    this.filtered = filtered;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts one and waits until it serves. */
  static ServerProcess start(
      FilterWorld world, Path home, Path manifests, Proof proof, boolean filtered)
      throws IOException {
    int port = freePort();
    declare(port, manifests, world.manifests());
    Process process =
        new ProcessBuilder(
                "taskset",
                "-c",
                CORES,
                home.resolve("bin/java").toString(),
                "-Xmx1g",
                "-Dslf4j.internal.verbosity=ERROR",
                "-D%1$s=%2$s".formatted(LOGGING, System.getProperty(LOGGING, "")),
                "-cp",
                System.getProperty("java.class.path"),
                FilterServer.class.getName(),
                world.directory().toString(),
                proof.name(),
                String.valueOf(port),
                String.valueOf(filtered))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var started = new ServerProcess(world, port, filtered, process);
    started.awaitReady();
    return started;
  }

  /** What it has used of processors so far. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** How its audit log does, by its own word. */
  String audit() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
    return output.readLine();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    Files.deleteIfExists(world.audit(port));
  }

  private void awaitReady() throws IOException {
    String line;
    do {
      line = output.readLine();
      if (line == null) {
        throw new IOException("The server has not started; what it wrote is above");
      }
    } while (!line.equals(FilterServer.READY));
  }

  /** The shop's manifests, with the port that is listened on. */
  static void declare(int port, Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from, "*.yaml")) {
      for (Path file : files) {
        String text = Files.readString(file).replace(DECLARED_PORT, "containerPort: " + port);
        Files.writeString(to.resolve(file.getFileName()), text);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(FilterWorld.ORDERS_ADDRESS))) {
      return socket.getLocalPort();
    }
  }
}
