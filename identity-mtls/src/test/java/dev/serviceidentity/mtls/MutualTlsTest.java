// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.authority;
import static dev.serviceidentity.mtls.Draft.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.spi.RefusedHandshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real handshakes over sockets on loopback. */
class MutualTlsTest {
  private static final Set<MechanismName> WITH_KERBEROS =
      Set.of(MechanismName.MTLS, MechanismName.KERBEROS);

  @TempDir Path directory;
  private World world;

  @BeforeEach
  void issue() {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothEndsProveThemselves(String protocol) throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));
    MtlsIdentity web = world.open("web");
    SSLParameters parameters = web.tls().orElseThrow().clientParameters();
    parameters.setProtocols(new String[] {protocol});

    String answer = server.ask(web.tls().orElseThrow().sslContext(), parameters);

    assertThat(answer).startsWith("mtls:" + World.WEB + " sha256:");
  }

  @Test
  void aConnectionWithoutTlsProvesNothingAndIsRefused() {
    MtlsIdentity web = world.open("web");

    assertThatThrownBy(() -> web.credentialsFor(Target.of(URI.create("http://orders.shop:8443/"))))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> assertThat(e.code()).isEqualTo(IdentityException.Code.CONFIGURATION))
        .hasMessageContaining("HTTP/orders.shop:8443")
        .hasMessageContaining("https");
    assertThat(web.credentialsFor(Target.of(URI.create("https://orders.shop/")))).isNotNull();
  }

  @Test
  void aRotatedCertificateIsUsedByTheNextCall() throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));
    MtlsIdentity web = world.open("web");
    String before = server.ask(web);

    world.issue("web", World.WEB);
    web.refresh();

    assertThat(server.ask(web)).startsWith("mtls:" + World.WEB).isNotEqualTo(before);
  }

  @Test
  void aServerSocketServesTheRotatedCertificate() throws Exception {
    MtlsIdentity orders = world.open("orders");
    AnsweringServer server = world.serve(orders);
    MtlsIdentity web = world.open("web", b -> b.servers(p -> p.name().endsWith("/new")));
    assertThatThrownBy(() -> server.ask(web)).isInstanceOf(SSLHandshakeException.class);

    world.issue("orders", "spiffe://shop.example/new");
    orders.refresh();

    assertThat(server.ask(web)).contains(World.WEB);
  }

  @Test
  void aClientOfAnotherTrustDomainIsRefusedAndReported() throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));
    IssuedCertificate stranger =
        world.ca.issue(LeafTemplate.spiffe("spiffe://elsewhere.example/x"));

    assertThatThrownBy(() -> server.ask(PlainClient.showing(stranger), new SSLParameters()))
        .isInstanceOf(IOException.class);

    RefusedHandshake refused = world.refusal();
    assertThat(refused.reason()).isEqualTo(CertificateRejection.UNKNOWN_TRUST_DOMAIN);
    assertThat(refused.source()).isEqualTo(InetAddress.getLoopbackAddress());
    assertThat(refused.fingerprint()).isEqualTo(Fingerprint.of(stranger.chain().get(0)));
    assertThat(refused.mechanism()).isEqualTo(MechanismName.MTLS);
  }

  @Test
  void anExpiredClientIsRefusedAlsoWhereACertificateIsOnlyWanted() throws Exception {
    AnsweringServer server = world.serve(world.open("orders", b -> b, WITH_KERBEROS));
    IssuedCertificate expired =
        world.ca.issue(
            LeafTemplate.spiffe(World.WEB).notBefore(world.clock.instant().minusSeconds(7200)));

    assertThatThrownBy(() -> server.ask(PlainClient.showing(expired), new SSLParameters()))
        .isInstanceOf(IOException.class);

    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.EXPIRED);
  }

  @Test
  void aClientWithoutCertificateIsAnonymousWhereOneIsOnlyWanted() throws Exception {
    AnsweringServer server = world.serve(world.open("orders", b -> b, WITH_KERBEROS));

    assertThat(server.ask(PlainClient.anonymous(), new SSLParameters())).isEqualTo("anonymous");
  }

  @Test
  void aClientWithoutCertificateIsRefusedWhereMtlsIsTheOnlyMechanism() throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));

    assertThatThrownBy(() -> server.ask(PlainClient.anonymous(), new SSLParameters()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aServerThatIsNotExpectedIsRefusedByTheClient() throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));
    MtlsIdentity web = world.open("web", b -> b.servers(p -> p.name().endsWith("/billing")));

    assertThatThrownBy(() -> server.ask(web))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("SERVER_NOT_EXPECTED")
        .hasMessageContaining("/sa/orders");
  }

  @Test
  void aServerOfAnUnknownAuthorityIsRefusedByTheClient() throws Exception {
    DevelopmentCa other = DevelopmentCa.create("shop.example", world.clock);
    other.issue(World.template(World.ORDERS)).writeTo(world.files("orders"));
    AnsweringServer server = world.serve(world.open("orders"));

    assertThatThrownBy(() -> server.ask(world.open("web")))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("UNTRUSTED_ISSUER");
  }

  @Test
  void aHostNameIsCheckedWhereTheClientAsksForIt() throws Exception {
    AnsweringServer right = world.serve(world.open("orders"));
    world.ca.issue(LeafTemplate.spiffe(World.ORDERS).dns("elsewhere")).writeTo(world.files("bad"));
    AnsweringServer wrong = world.serve(world.open("bad"));
    MtlsIdentity web = world.open("web");
    SSLParameters checking = web.tls().orElseThrow().clientParameters();
    checking.setEndpointIdentificationAlgorithm("HTTPS");
    SSLContext context = web.tls().orElseThrow().sslContext();

    assertThat(right.ask(context, checking)).contains(World.WEB);
    assertThatThrownBy(() -> wrong.ask(context, checking))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void whereHostNamesAreIdentitiesASocketAndAnEngineCheckThemUnasked() throws Exception {
    world.ca.issue(LeafTemplate.dnsName("mallory.shop")).writeTo(world.files("mallory"));
    world.ca.issue(LeafTemplate.dnsName("web.shop")).writeTo(world.files("client"));
    world.ca.issue(LeafTemplate.dnsName("localhost")).writeTo(world.files("honest"));
    SSLContext client =
        world.open("client", MtlsIdentityBuilder::dnsNames).tls().orElseThrow().sslContext();
    MtlsIdentity mallory = world.open("mallory", MtlsIdentityBuilder::dnsNames);
    AnsweringServer wrong = world.serve(mallory);
    AnsweringServer right = world.serve(world.open("honest", MtlsIdentityBuilder::dnsNames));

    try (var called =
            (SSLSocket) client.getSocketFactory().createSocket("localhost", wrong.port());
        var honest =
            (SSLSocket) client.getSocketFactory().createSocket("localhost", right.port())) {
      assertThatThrownBy(called::startHandshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("localhost");
      honest.startHandshake();
    }
    for (SSLEngine engine :
        List.of(client.createSSLEngine("localhost", 443), client.createSSLEngine())) {
      SSLEngine server = mallory.tls().orElseThrow().sslContext().createSSLEngine();
      assertThatThrownBy(() -> Engines.shake(engine, server, mallory, "TLSv1.3"))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("host");
    }
  }

  @Test
  void aHostNameIsNeverTheCommonName() throws Exception {
    Draft.Forged root = authority("root").selfSigned();
    Draft.Forged called = leaf().id(World.ORDERS).subject("CN=localhost").signedBy(root);
    Draft.Forged calling = leaf().signedBy(root);
    Path files = Files.createDirectories(world.files("calling"));
    RevocationTest.write(files.resolve("tls.crt"), "CERTIFICATE", Draft.der(calling.certificate()));
    RevocationTest.write(
        files.resolve("tls.key"), "PRIVATE KEY", calling.keys().getPrivate().getEncoded());
    RevocationTest.write(files.resolve("ca.crt"), "CERTIFICATE", Draft.der(root.certificate()));
    TlsMaterial tls = world.open("calling").tls().orElseThrow();
    SSLParameters checking = tls.clientParameters();
    checking.setEndpointIdentificationAlgorithm("HTTPS");
    HttpClient client =
        HttpClient.newBuilder().sslContext(tls.sslContext()).sslParameters(checking).build();

    try (JdkServer server =
        JdkServer.start(PlainClient.showing(called.with(), called.keys().getPrivate()))) {
      HttpRequest request = HttpRequest.newBuilder(server.uri()).build();
      assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining("has no DNS name");
    }
  }

  /** Who has connected and waits until a root is removed is judged without it. */
  @Test
  void aHandshakeIsJudgedByTheTrustOfItsOwnMoment() throws Exception {
    DevelopmentCa next = DevelopmentCa.create("shop.example", world.clock);
    IssuedCertificate both =
        next.issue(World.template(World.ORDERS))
            .trusting(List.of(next.certificate(), world.ca.certificate()));
    both.writeTo(world.files("orders"));
    MtlsIdentity orders = world.open("orders");
    IssuedCertificate web = world.ca.issue(LeafTemplate.spiffe(World.WEB));
    TlsMaterial tls = orders.tls().orElseThrow();
    try (var listening =
            (SSLServerSocket)
                tls.sslContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var client =
            (SSLSocket)
                PlainClient.showing(web.chain().get(0), web.privateKey())
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
      listening.setSSLParameters(tls.serverParameters());
      var accepted = (SSLSocket) listening.accept();
      both.trusting(List.of(next.certificate())).writeTo(world.files("orders"));
      orders.refresh();
      CompletableFuture.runAsync(() -> begin(client));

      assertThatThrownBy(accepted::startHandshake).isInstanceOf(SSLException.class);
      assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    }
  }

  private static void begin(SSLSocket client) {
    try {
      client.startHandshake();
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  @Test
  void onlyTls13AndTls12AreSpoken() {
    TlsMaterial tls = world.open("web").tls().orElseThrow();

    assertThat(tls.clientParameters().getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(tls.serverParameters().getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(tls.sslContext().createSSLEngine().getEnabledProtocols())
        .containsExactly("TLSv1.3", "TLSv1.2");
  }

  @Test
  void aServerNeedsOrWantsACertificateAsTheOtherMechanismsSay() {
    SSLParameters alone = world.open("web").tls().orElseThrow().serverParameters();
    SSLParameters together =
        world.open("web", b -> b, WITH_KERBEROS).tls().orElseThrow().serverParameters();

    assertThat(alone.getNeedClientAuth()).isTrue();
    assertThat(together.getNeedClientAuth()).isFalse();
    assertThat(together.getWantClientAuth()).isTrue();
  }

  @Test
  void managersAloneFollowRotationToo() throws Exception {
    AnsweringServer server = world.serve(world.open("orders"));
    MtlsIdentity web = world.open("web");
    var keys = new KeyManager[] {web.tls().orElseThrow().keyManager()};
    var trust = new TrustManager[] {web.tls().orElseThrow().trustManager()};
    String before = server.ask(PlainClient.of(keys, trust), new SSLParameters());

    world.issue("web", World.WEB);
    web.refresh();

    assertThat(server.ask(PlainClient.of(keys, trust), new SSLParameters()))
        .contains(World.WEB)
        .isNotEqualTo(before);
  }
}
