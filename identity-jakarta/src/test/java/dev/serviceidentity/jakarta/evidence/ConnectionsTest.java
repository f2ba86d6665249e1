// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import jakarta.servlet.Filter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.apache.catalina.filters.RemoteIpFilter;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What evidence tells of a connection, in containers that rewrite all they can by headers. */
class ConnectionsTest {
  private static final String[] FORGED = {
    "X-Forwarded-For: 10.1.0.5",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Port: 9999",
    "X-Forwarded-By: 10.1.0.9",
    "Forwarded: for=10.1.0.5;by=10.1.0.9;proto=https"
  };

  @TempDir Path directory;
  private Shop shop;
  private MtlsIdentity orders;
  private ServiceIdentity identity;
  private Seen seen;
  private Servers.Running server;

  @BeforeEach
  void open() {
    shop = new Shop(directory.resolve("orders"));
    orders = shop.orders().open();
    identity = Shop.admittingAll(orders);
    seen = new Seen(ContainerEvidence.detecting(identity), identity);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    identity.close();
    orders.close();
  }

  @ParameterizedTest
  @EnumSource
  void theSessionOfTheConnectionIsKnown(Servers container) throws Exception {
    try (Wire web = tls(container)) {
      assertThat(web.get()).isEqualTo("mtls:" + Shop.WEB);
      CallerEvidence evidence = seen.next();
      assertThat(evidence.tlsSession().orElseThrow().getCreationTime()).isPositive();
      assertThat(evidence.peerCertificates()).hasSize(1);
      assertThat(evidence.channelBindings()).containsExactly(binding(orders));
      isOf(evidence, web);
    }
  }

  @ParameterizedTest
  @EnumSource
  void overHttp2TheConnectionIsKnownToo(Servers container) throws Exception {
    start(container, List.of(), orders.tls().orElseThrow());
    HttpClient client = HttpClient.newBuilder().sslContext(shop.client(Shop.WEB)).build();
    URI uri = URI.create("https://localhost:" + server.port() + "/orders");
    HttpRequest forged =
        HttpRequest.newBuilder(uri)
            .header("X-Forwarded-For", "10.1.0.5")
            .header("Forwarded", "for=10.1.0.5")
            .build();
    HttpResponse<String> response =
        client.send(forged, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(response.body()).isEqualTo("mtls:" + Shop.WEB);
    CallerEvidence evidence = seen.next();
    assertThat(evidence.source().getAddress().isLoopbackAddress()).isTrue();
    assertThat(evidence.local().getPort()).isEqualTo(server.port());
    assertThat(evidence.tlsSession()).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void aPeerWithoutCertificateHasASessionAndNoName(Servers container) throws Exception {
    start(container, List.of(), orders.tls().orElseThrow());
    try (Wire stranger = Wire.tls(server.port(), shop.anonymous())) {
      assertThat(stranger.get(FORGED)).isEqualTo("NO_CREDENTIALS");
    }
    CallerEvidence evidence = seen.next();
    assertThat(evidence.peerCertificates()).isEmpty();
    assertThat(evidence.tlsSession()).isPresent();
    assertThat(evidence.channelBindings()).containsExactly(binding(orders));
  }

  @ParameterizedTest
  @EnumSource
  void withoutTlsThereIsNoSessionAndNoBindingWhateverHeadersSay(Servers container)
      throws Exception {
    start(container, List.of(), null);
    try (Wire plain = Wire.plain(server.port())) {
      assertThat(plain.get(FORGED)).isEqualTo("NO_CREDENTIALS");
      assertThat(seen.told()).startsWith("10.1.0.5 true");
      CallerEvidence evidence = seen.next();
      assertThat(evidence.tlsSession()).isEmpty();
      assertThat(evidence.peerCertificates()).isEmpty();
      assertThat(evidence.channelBindings()).isEmpty();
      isOf(evidence, plain);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSourceIsTheSocketsAlsoWhereTheContainerBelievesHeaders(Servers container)
      throws Exception {
    try (Wire web = tls(container)) {
      assertThat(web.get(FORGED)).isEqualTo("mtls:" + Shop.WEB);
      assertThat(seen.told()).startsWith("10.1.0.5 ");
      isOf(seen.next(), web);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRequestIsLookedAtBehindTheWrappersOfFilters(Servers container) throws Exception {
    start(container, List.of(new RemoteIpFilter()), orders.tls().orElseThrow());
    try (Wire web = Wire.tls(server.port(), shop.client(Shop.WEB))) {
      assertThat(web.get(FORGED)).isEqualTo("mtls:" + Shop.WEB);
      assertThat(seen.told()).startsWith("10.1.0.5 ");
      isOf(seen.next(), web);
    }
  }

  @ParameterizedTest
  @EnumSource
  void certificatesThatAFilterSetsProveNothing(Servers container) throws Exception {
    start(container, List.of(new Believing(webs())), orders.tls().orElseThrow());
    try (Wire stranger = Wire.tls(server.port(), shop.anonymous())) {
      assertThat(stranger.get()).isEqualTo("NO_CREDENTIALS");
      assertThat(seen.told()).endsWith(" true");
      assertThat(seen.next().peerCertificates()).isEmpty();
    }
  }

  @Test
  void certificatesThatAValveOfTomcatReadsFromAHeaderProveNothing() throws Exception {
    String pem =
        "-----BEGIN CERTIFICATE-----"
            + Base64.getEncoder().encodeToString(webs().getEncoded())
            + "-----END CERTIFICATE-----";
    start(Servers.TOMCAT, List.of(), null);
    try (Wire stranger = Wire.plain(server.port())) {
      assertThat(stranger.get("ssl_client_cert: " + pem)).isEqualTo("NO_CREDENTIALS");
      assertThat(seen.told()).endsWith(" true");
      assertThat(seen.next().peerCertificates()).isEmpty();
    }
  }

  @Test
  void whatThePreambleOfAConnectionClaimsIsNotItsSource() throws Exception {
    server =
        Servers.jetty(seen, List.of(), new ProxyConnectionFactory(), new HttpConnectionFactory());
    try (Wire wire = Wire.plain(server.port())) {
      wire.send("PROXY TCP4 10.1.0.5 10.1.0.9 5000 80\r\n");
      assertThat(wire.get()).isEqualTo("NO_CREDENTIALS");
      assertThat(seen.told()).startsWith("10.1.0.5 ");
      isOf(seen.next(), wire);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoLinesOfOneNameStayTwoInTheirOrder(Servers container) throws Exception {
    start(container, List.of(), null);
    try (Wire wire = Wire.plain(server.port())) {
      wire.get("authorization: Basic a", "X-One: 1", "AUTHORIZATION: Basic b", "x-one: 2, 3");
      CallerEvidence evidence = seen.next();
      assertThat(evidence.header("Authorization")).containsExactly("Basic a", "Basic b");
      assertThat(evidence.header("x-ONE")).containsExactly("1", "2, 3");
      assertThat(evidence.header("host")).containsExactly("localhost");
    }
  }

  private X509Certificate webs() {
    return shop.issue(Shop.WEB).chain().get(0);
  }

  private Wire tls(Servers container) throws Exception {
    start(container, List.of(), orders.tls().orElseThrow());
    return Wire.tls(server.port(), shop.client(Shop.WEB));
  }

  private void start(Servers container, List<Filter> filters, TlsMaterial tls) throws Exception {
    server = container.start(directory, seen, filters, tls);
  }

  private static void isOf(CallerEvidence evidence, Wire wire) {
    assertThat(evidence.source().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
    assertThat(evidence.source().getPort()).isEqualTo(wire.localPort());
    assertThat(evidence.local().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
    assertThat(evidence.local().getPort()).isEqualTo(wire.port());
  }

  private static ChannelBinding binding(MtlsIdentity identity) {
    var keys = identity.tls().orElseThrow().keyManager();
    return ChannelBinding.tlsServerEndPoint(
        keys.getCertificateChain(keys.getServerAliases("EC", null)[0])[0]);
  }
}
