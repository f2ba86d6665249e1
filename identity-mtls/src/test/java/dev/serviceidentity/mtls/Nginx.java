// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real nginx in a directory of its own; a test that needs it is skipped where it is missing. */
final class Nginx implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final String FRAME =
      """
      daemon off;
      master_process off;
      pid %1$s/nginx.pid;
      events {}
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server {
          listen 127.0.0.1:%2$d ssl;
          %3$s
        }
      }
      """;

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test if there is none. */
  static Path required() {
    Path executable =
        Stream.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(executable != null, "not here: nginx (Debian package nginx-light)");
    return executable;
  }

  static Nginx start(Path directory, String server) throws Exception {
    Path executable = required();
    Files.createDirectories(directory);
    int port = freePort();
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(configuration, FRAME.formatted(directory, port, server));
    Path errors = directory.resolve("err.log");
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "-p",
                directory.toString(),
                "-e",
                errors.toString(),
                "-c",
                configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.log").toFile())
            .start();
    var nginx = new Nginx(process, port);
    nginx.awaitPort(errors);
    return nginx;
  }

  int port() {
    return port;
  }

  private void awaitPort(Path errors) throws Exception {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      try (var probe = new Socket()) {
        probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException notYet) {
        boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
        assertThat(ended).as("nginx ended: %s", written(errors)).isFalse();
      }
    }
    throw new AssertionError("nginx does not listen: " + written(errors));
  }

  /** It makes the file a moment after it has begun. */
  private static String written(Path errors) throws IOException {
    return Files.exists(errors) ? Files.readString(errors) : "";
  }

  /** Below those that the system gives to whoever takes any, so that no test gets it first. */
  private static int freePort() throws IOException {
    while (true) {
      int free = ThreadLocalRandom.current().nextInt(10_000, 30_000);
      try (var socket = new ServerSocket(free, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
