// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that begins an answer and never ends it. */
class SlowBodyTest {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  @TempDir Path directory;

  @Test
  void anIssuersConnectionIsClosedWhenTheTimeIsUp() throws Exception {
    try (OidcServer issuer = OidcServer.open(directory);
        ServerSocket server =
            issuer.tls().getServerSocketFactory().createServerSocket(0, 1, here())) {
      CompletableFuture<Integer> closed = serveHalf(server);
      var source =
          new HttpsKeySource(
              "https://127.0.0.1:" + server.getLocalPort(),
              TrustAnchors.context(OidcIssuer.at(issuer.url()).trust(issuer.pem())),
              PATIENCE);

      assertThatThrownBy(() -> source.fetch().get(60, TimeUnit.SECONDS))
          .hasMessageContaining("has not answered");
      assertThat(closed.get(60, TimeUnit.SECONDS)).isNegative();
    }
  }

  /** Completes with what comes after the request: -1 when the connection is closed. */
  private static CompletableFuture<Integer> serveHalf(ServerSocket server) {
    var closed = new CompletableFuture<Integer>();
    Thread thread = new Thread(() -> closed.completeAsync(() -> half(server), Runnable::run));
    thread.setDaemon(true);
    thread.start();
    return closed;
  }

  private static int half(ServerSocket server) {
    try (Socket socket = server.accept()) {
      var request = new StringBuilder();
      while (request.indexOf("\r\n\r\n") < 0) {
        request.append((char) socket.getInputStream().read());
      }
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".getBytes(US_ASCII));
      socket.getOutputStream().flush();
      return socket.getInputStream().read();
    } catch (IOException e) {
      return -1;
    }
  }

  private static InetAddress here() throws IOException {
    return InetAddress.getByName("127.0.0.1");
  }
}
