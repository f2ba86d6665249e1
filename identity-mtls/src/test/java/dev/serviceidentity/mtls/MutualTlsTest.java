// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

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
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
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
