// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
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
 * Clients that keep their connections, while the certificates of both ends last for ten seconds and
 * are replaced every second; with {@code -Psoak} they last for five, and traffic for a minute. The
 * time is real: connections of a JVM follow no other, and a machine that stands still for most of a
 * certificate's life finds that it has ended.
 */
@Timeout(300)
class KeepAliveTest {
  private static final Duration LIFE =
      Duration.ofSeconds(Integer.getInteger("identity.certificateSeconds", 10));

  /** Until the first certificates have ended. */
  private static final Duration TRAFFIC =
      Duration.ofSeconds(Integer.getInteger("identity.keepAliveSeconds", 12));

  @TempDir Path directory;
  private final Clock clock = Clock.systemUTC();
  private final DevelopmentCa ca = DevelopmentCa.create("shop.example", clock);
  private final ScheduledExecutorService rotation = Executors.newSingleThreadScheduledExecutor();
  private MtlsIdentity orders;
  private MtlsIdentity web;
  private JettyServer server;

  @BeforeEach
  void open() throws Exception {
    issue();
    rotation.scheduleAtFixedRate(this::issue, 1, 1, TimeUnit.SECONDS);
    orders = identity("orders");
    web = identity("web");
    server = JettyServer.start(orders);
  }

  @AfterEach
  void close() throws Exception {
    rotation.shutdownNow();
    server.close();
    web.close();
    orders.close();
  }

  @Test
  void noCallOverHttp11Fails() throws Exception {
    HttpClient client = client(HttpClient.Version.HTTP_1_1);

    check(call(() -> client), HttpClient.Version.HTTP_1_1);
  }

  @Test
  void noCallOverHttp2FailsOfClientsThatAreMadeForEachGeneration() throws Exception {
    PerGeneration<HttpClient> clients =
        PerGeneration.of(web, () -> client(HttpClient.Version.HTTP_2));

    check(call(clients::current), HttpClient.Version.HTTP_2);
  }

  private static void check(Traffic traffic, HttpClient.Version version) {
    assertThat(traffic.versions()).containsExactly(version);
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

  private Traffic call(Supplier<HttpClient> clients) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/")).build();
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
