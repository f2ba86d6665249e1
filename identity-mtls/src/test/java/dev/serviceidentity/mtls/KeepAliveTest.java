// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that keep their connections, while the certificates of both ends last for twenty seconds
 * and are replaced every two. The time is real: connections of a JVM follow no other, and a machine
 * that stands still for a fifth of a certificate's life may find that it has ended.
 */
@Timeout(300)
class KeepAliveTest {
  private static final Duration LIFE = Duration.ofSeconds(20);

  /** Until the first certificates have ended; longer with {@code -Didentity.keepAliveSeconds}. */
  private static final Duration TRAFFIC =
      LIFE.plusSeconds(Integer.getInteger("identity.keepAliveSeconds", 1));

  @TempDir Path directory;
  private final Clock clock = Clock.systemUTC();
  private final DevelopmentCa ca = DevelopmentCa.create("shop.example", clock);
  private final ScheduledExecutorService rotation = Executors.newSingleThreadScheduledExecutor();
  private MtlsIdentity orders;
  private MtlsIdentity web;

  @BeforeEach
  void open() {
    issue();
    orders = identity("orders");
    web = identity("web");
    rotation.scheduleAtFixedRate(this::issue, 2, 2, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    rotation.shutdownNow();
    web.close();
    orders.close();
  }

  @Test
  void noCallOverHttp11Fails() throws Exception {
    HttpClient client = client(HttpClient.Version.HTTP_1_1);
    HttpsServer server = serve();
    try {
      check(call(() -> client, server.getAddress().getPort()));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void noCallOverHttp2FailsOfClientsThatAreMadeForEachGeneration() throws Exception {
    PerGeneration<HttpClient> clients =
        PerGeneration.of(web, () -> client(HttpClient.Version.HTTP_2));
    try (Http2Server server = Http2Server.start(orders)) {
      Traffic traffic = call(clients::current, server.port());

      assertThat(traffic.versions()).containsExactly(HttpClient.Version.HTTP_2);
      check(traffic);
    }
  }

  private static void check(Traffic traffic) {
    assertThat(traffic.failures()).isEmpty();
    assertThat(traffic.calls()).isGreaterThan(100);
    assertThat(traffic.connections().size())
        .as("connections of %d calls", traffic.calls())
        .isGreaterThan(1)
        .isLessThan(traffic.calls() / 4);
    assertThat(traffic.certificates()).hasSizeGreaterThan(1);
  }

  /** What came of the calls; the certificates are the client's, as the server saw them. */
  private record Traffic(
      int calls,
      Set<HttpClient.Version> versions,
      Set<String> connections,
      Set<String> certificates,
      Set<String> failures) {}

  private HttpClient client(HttpClient.Version version) {
    TlsMaterial tls = web.tls().orElseThrow();
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(tls.sslContext())
        .sslParameters(tls.clientParameters())
        .build();
  }

  private static Traffic call(Supplier<HttpClient> clients, int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/")).build();
    Set<HttpClient.Version> versions = EnumSet.noneOf(HttpClient.Version.class);
    Set<String> connections = new HashSet<>();
    Set<String> certificates = new HashSet<>();
    Set<String> failures = new HashSet<>();
    int calls = 0;
    long end = System.nanoTime() + TRAFFIC.toNanos();
    while (System.nanoTime() < end || connections.size() < 2) {
      HttpResponse<String> response =
          clients.get().send(request, HttpResponse.BodyHandlers.ofString());
      versions.add(response.version());
      calls++;
      if (response.statusCode() == 200) {
        String[] seen = response.body().split(" ");
        connections.add(seen[0]);
        certificates.add(seen[1]);
      } else {
        failures.add(response.statusCode() + " " + response.body());
      }
    }
    return new Traffic(calls, versions, connections, certificates, failures);
  }

  private HttpsServer serve() throws IOException {
    TlsMaterial tls = orders.tls().orElseThrow();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.sslContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(tls.serverParameters());
          }
        });
    server.createContext("/", this::answer);
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    Verification caller =
        orders
            .callers()
            .verify(
                CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
                    .tlsSession(((HttpsExchange) exchange).getSSLSession()));
    caller.applyTo(exchange.getResponseHeaders()::add);
    String text =
        caller instanceof Verification.Verified verified
            ? exchange.getRemoteAddress().getPort()
                + " "
                + verified.caller().fingerprint().orElseThrow()
            : caller.toString();
    exchange.sendResponseHeaders(
        caller instanceof Verification.Verified ? 200 : 401, text.length());
    exchange.getResponseBody().write(text.getBytes(UTF_8));
    exchange.close();
  }

  private MtlsIdentity identity(String service) {
    return MtlsIdentity.builder()
        .pemDirectory(directory.resolve(service))
        .trustDomain("shop.example")
        .open();
  }

  private void issue() {
    ca.issue(template(World.ORDERS)).writeTo(directory.resolve("orders"));
    ca.issue(template(World.WEB)).writeTo(directory.resolve("web"));
  }

  /** Begins a second early: a certificate has whole seconds. */
  private LeafTemplate template(String id) {
    return LeafTemplate.spiffe(id)
        .ip("127.0.0.1")
        .notBefore(clock.instant().minusSeconds(1))
        .lifetime(LIFE);
  }
}
