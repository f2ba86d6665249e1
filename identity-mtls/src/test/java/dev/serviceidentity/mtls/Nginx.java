// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A real nginx in a directory of its own; a test that needs it is skipped where it is missing. */
final class Nginx implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  /** Its workers run as whoever runs the test, which only root has to say. */
  private static final String FRAME =
      """
      daemon off;
      worker_processes 1;
      user root;
      pid %1$s/nginx.pid;
      events {}
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        %3$s
        server {
          listen 127.0.0.1:%2$d ssl;
          %4$s
        }
      }
      """;

  private final Program program;
  private final int port;

  private Nginx(Program program, int port) {
    this.program = program;
    this.port = port;
  }

  /** Skips the test if there is none. */
  static Path required() {
    return Program.required("nginx", "nginx-light");
  }

  static Nginx start(Path directory, String server) throws Exception {
    return start(directory, "", server);
  }

  /**
   * Starts it.
   *
   * @param http what stands before the server
   * @param server what the server does
   */
  static Nginx start(Path directory, String http, String server) throws Exception {
    Path executable = required();
    Files.createDirectories(directory);
    int port = freePort();
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(configuration, FRAME.formatted(directory, port, http, server));
    String folder = directory.toString();
    Program program =
        Program.start(
            directory.resolve("out.log"),
            List.of(
                executable.toString(),
                "-p",
                folder,
                "-e",
                "stderr",
                "-c",
                configuration.toString()));
    var nginx = new Nginx(program, port);
    nginx.awaitPort();
    return nginx;
  }

  int port() {
    return port;
  }

  /** Makes it read its configuration and certificates again, for new connections. */
  void reload() throws Exception {
    program.signal("HUP");
  }

  private void awaitPort() throws Exception {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      try (var probe = new Socket()) {
        probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException notYet) {
        boolean ended = program.hasEndedIn20Millis();
        assertThat(ended).as("nginx ended: %s", program.written()).isFalse();
      }
    }
    throw new AssertionError("nginx does not listen: " + program.written());
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
    program.close();
  }
}
