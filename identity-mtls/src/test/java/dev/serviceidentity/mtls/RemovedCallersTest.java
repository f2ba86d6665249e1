// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is taken out of the file of allowed callers loses its open connections, and nobody else. */
class RemovedCallersTest {
  private static final String BATCH = "spiffe://shop.example/ns/shop/sa/batch";
  private static final String GATEWAY = "spiffe://shop.example/ns/edge/sa/gateway";

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private World world;
  private MtlsIdentity orders;
  private ServiceIdentity guard;

  @BeforeEach
  void open() throws IOException {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
    world.issue("batch", BATCH);
    world.issue("gateway", GATEWAY);
    orders =
        world.open(
            "orders",
            b -> b.forwarded(ForwardedCallers.builder().xForwardedClientCertFrom(GATEWAY).build()));
    allow(World.WEB, BATCH, GATEWAY);
    guard =
        ServiceIdentity.builder()
            .mechanism(orders)
            .trustIdentityAlone()
            .allowFile(directory.resolve("callers"))
            .clock(world.clock)
            .open();
  }

  @AfterEach
  void close() throws Exception {
    threads.shutdownNow();
    guard.close();
    world.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aSilentConnectionOfAServerSocketIsEnded(String protocol) throws Exception {
    try (SSLServerSocket listening = listen();
        SSLSocket web = connect(listening.getLocalPort(), "web", protocol);
        SSLSocket batch = connect(listening.getLocalPort(), "batch", protocol)) {
      assertThat(echo(web)).isTrue();
      assertThat(echo(batch)).isTrue();

      allow(BATCH, GATEWAY);

      assertThat(hasEnded(web)).isTrue();
      assertThat(echo(batch)).as("another's connection").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aLongAnswerOfTheJdksHttpsServerIsEnded(String protocol) throws Exception {
    HttpsServer server = JdkHttps.create(orders);
    server.createContext("/", this::answerForEver);
    server.setExecutor(threads);
    server.start();
    int port = server.getAddress().getPort();
    try (SSLSocket web = connect(port, "web", protocol);
        SSLSocket batch = connect(port, "batch", protocol)) {
      assertThat(beginsToHear(web)).isTrue();
      assertThat(beginsToHear(batch)).isTrue();

      allow(BATCH, GATEWAY);

      assertThat(hasEnded(web)).isTrue();
      for (int i = 0; i < 1000; i++) {
        assertThat(batch.getInputStream().read()).as("another's answer").isPositive();
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aProxyThatSpeaksForOthersStays() throws Exception {
    try (SSLServerSocket listening = listen();
        SSLSocket gateway = connect(listening.getLocalPort(), "gateway", "TLSv1.3");
        SSLSocket web = connect(listening.getLocalPort(), "web", "TLSv1.3")) {
      assertThat(echo(gateway)).isTrue();
      assertThat(echo(web)).isTrue();

      allow(BATCH);

      assertThat(hasEnded(web)).as("by then both were judged").isTrue();
      assertThat(echo(gateway)).isTrue();
    }
  }

  @Test
  void aClientThatWasNeverAllowedIsRefusedAtItsRequestsOnly() throws Exception {
    world.issue("audit", "spiffe://shop.example/ns/shop/sa/audit");
    try (SSLServerSocket listening = listen();
        SSLSocket audit = connect(listening.getLocalPort(), "audit", "TLSv1.3");
        SSLSocket web = connect(listening.getLocalPort(), "web", "TLSv1.3")) {
      assertThat(echo(audit)).isTrue();
      assertThat(echo(web)).isTrue();

      allow(BATCH);

      assertThat(hasEnded(web)).as("by then both were judged").isTrue();
      assertThat(echo(audit)).isTrue();
    }
  }

  /** At once: a file that is empty for a moment would cost everybody the connection. */
  private void allow(String... ids) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String id : ids) {
      lines.append("principal ").append(id).append(System.lineSeparator());
    }
    Path next = Files.writeString(directory.resolve("callers.next"), lines);
    Files.move(next, directory.resolve("callers"), ATOMIC_MOVE, REPLACE_EXISTING);
  }

  private void answerForEver(HttpExchange exchange) throws IOException {
    AccessDecision decision = guard.admit(JdkHttps.evidence(exchange));
    exchange.sendResponseHeaders(decision instanceof Admitted ? 200 : 403, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (decision instanceof Admitted) {
        body.write("...".getBytes(ISO_8859_1));
        body.flush();
      }
    }
  }

  /** Sends back each byte of each connection. */
  private SSLServerSocket listen() throws IOException {
    TlsMaterial tls = orders.tls().orElseThrow();
    var listening =
        (SSLServerSocket)
            tls.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listening.setSSLParameters(tls.serverParameters());
    threads.execute(
        () -> {
          try {
            while (true) {
              SSLSocket accepted = (SSLSocket) listening.accept();
              threads.submit(
                  () -> accepted.getInputStream().transferTo(accepted.getOutputStream()));
            }
          } catch (IOException closed) {
            // The test is over.
          }
        });
    return listening;
  }

  private SSLSocket connect(int port, String service, String protocol) throws Exception {
    TlsMaterial tls = world.open(service).tls().orElseThrow();
    var client = (SSLSocket) tls.sslContext().getSocketFactory().createSocket("127.0.0.1", port);
    SSLParameters parameters = tls.clientParameters();
    parameters.setProtocols(new String[] {protocol});
    client.setSSLParameters(parameters);
    client.setSoTimeout(30_000);
    return client;
  }

  private static boolean echo(SSLSocket client) throws IOException {
    client.getOutputStream().write('?');
    return client.getInputStream().read() == '?';
  }

  private static boolean beginsToHear(SSLSocket client) throws IOException {
    client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
    return new String(client.getInputStream().readNBytes(12), ISO_8859_1).equals("HTTP/1.1 200");
  }

  /** Reads to the end, for which it has half a minute. */
  private static boolean hasEnded(SSLSocket client) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    try {
      while (client.getInputStream().read() >= 0) {
        if (System.nanoTime() > deadline) {
          return false;
        }
      }
      return true;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }
}
