// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The shop's manifests as this run uses them: a copy, in which the port is another one if somebody
 * else on this machine has the declared one.
 *
 * @param directory the copy
 * @param port what all services listen on, each on its own address
 */
public record Manifests(Path directory, int port) {
  private static final int DECLARED_PORT = 8443;
  private static final int ATTEMPTS = 20;
  private static final String PORT_LINE = "containerPort: ";

  static Manifests copy(Path from, Path to) throws IOException {
    int port = isFree(DECLARED_PORT) ? DECLARED_PORT : freePort();
    Files.createDirectories(to);
    for (Path file : yaml(from)) {
      String text = Files.readString(file);
      Files.writeString(
          to.resolve(file.getFileName()),
          text.replace(PORT_LINE + DECLARED_PORT, PORT_LINE + port));
    }
    return new Manifests(to, port);
  }

  /** What a user must know who looks for the declared port. */
  Optional<String> notice() {
    return port == DECLARED_PORT
        ? Optional.empty()
        : Optional.of("Port " + DECLARED_PORT + " is taken; the services listen on " + port + ".");
  }

  private static List<Path> yaml(Path from) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static boolean isFree(int port) {
    return Arrays.stream(Member.values()).allMatch(member -> isFree(member, port));
  }

  private static boolean isFree(Member member, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(member.address(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = anyPort();
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException(
        "No port is free on all of 127.10.0.2 to 127.10.0.5. On Linux these addresses always exist;"
            + " on macOS add them with 'sudo ifconfig lo0 alias 127.10.0.2' and so on.");
  }

  private static int anyPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, Member.WEB.address())) {
      return socket.getLocalPort();
    }
  }
}
