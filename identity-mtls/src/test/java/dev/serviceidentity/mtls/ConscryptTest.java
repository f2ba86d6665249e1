// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.spi.RefusedHandshake;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TLS by a provider that is not the JDK's and not installed in the JVM. What becomes of its
 * sessions is in {@link ResumptionTest}.
 */
@ParameterizedClass
@ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
class ConscryptTest {
  private static final Set<MechanismName> WITH_KERBEROS =
      Set.of(MechanismName.MTLS, MechanismName.KERBEROS);

  @TempDir Path directory;
  private final String protocol;
  private final Provider conscrypt = Conscrypt.newProvider();
  private World world;

  ConscryptTest(String protocol) {
    this.protocol = protocol;
  }

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

  @Test
  void bothEndsProveThemselves() throws Exception {
    AnsweringServer server = world.serve(byConscrypt("orders"));
    MtlsIdentity web = byConscrypt("web");

    assertThat(ask(server, web)).startsWith("mtls:" + World.WEB + " sha256:");
    assertThat(web.tls().orElseThrow().sslContext().getProvider()).isSameAs(conscrypt);
  }

  @Test
  void itUnderstandsTheJdkAtEitherEnd() throws Exception {
    AnsweringServer conscryptServer = world.serve(byConscrypt("orders"));
    AnsweringServer jdkServer = world.serve(world.open("orders"));

    assertThat(ask(conscryptServer, world.open("web"))).startsWith("mtls:" + World.WEB);
    assertThat(ask(jdkServer, byConscrypt("web"))).startsWith("mtls:" + World.WEB);
  }

  @Test
  void bothEndsRotate() throws Exception {
    MtlsIdentity orders = byConscrypt("orders");
    MtlsIdentity web = byConscrypt("web");
    AnsweringServer server = world.serve(orders);
    String before = ask(server, web);

    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
    orders.refresh();
    web.refresh();

    assertThat(ask(server, web)).startsWith("mtls:" + World.WEB).isNotEqualTo(before);
  }

  @Test
  void aRefusedClientIsReported() throws Exception {
    AnsweringServer server = world.serve(byConscrypt("orders"));
    IssuedCertificate stranger =
        world.ca.issue(LeafTemplate.spiffe("spiffe://elsewhere.example/x"));

    assertThatThrownBy(() -> server.ask(PlainClient.showing(stranger), parameters()))
        .isInstanceOf(IOException.class);

    RefusedHandshake refused = world.refusal();
    assertThat(refused.reason()).isEqualTo(CertificateRejection.UNKNOWN_TRUST_DOMAIN);
    assertThat(refused.source()).isEqualTo(InetAddress.getLoopbackAddress());
    assertThat(refused.fingerprint()).isEqualTo(Fingerprint.of(stranger.chain().get(0)));
  }

  @Test
  void anUnexpectedServerIsRefused() throws Exception {
    AnsweringServer server = world.serve(byConscrypt("orders"));
    MtlsIdentity web =
        world.open("web", b -> b.provider(conscrypt).servers(p -> p.name().endsWith("/billing")));

    assertThatThrownBy(() -> ask(server, web))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("SERVER_NOT_EXPECTED");
  }

  @Test
  void aHostNameIsCheckedWhereTheClientAsksForIt() throws Exception {
    AnsweringServer right = world.serve(byConscrypt("orders"));
    world.ca.issue(LeafTemplate.spiffe(World.ORDERS).dns("elsewhere")).writeTo(world.files("bad"));
    AnsweringServer wrong = world.serve(byConscrypt("bad"));
    SSLContext context = byConscrypt("web").tls().orElseThrow().sslContext();
    SSLParameters checking = parameters();
    checking.setEndpointIdentificationAlgorithm("HTTPS");

    assertThat(right.ask(context, checking)).contains(World.WEB);
    assertThatThrownBy(() -> wrong.ask(context, checking)).isInstanceOf(IOException.class);
  }

  @Test
  void aClientWithoutCertificateIsRefusedWhereMtlsIsTheOnlyMechanism() throws Exception {
    AnsweringServer server = world.serve(byConscrypt("orders"));

    assertThatThrownBy(() -> server.ask(PlainClient.anonymous(), parameters()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aClientWithoutCertificateIsAnonymousWhereOneIsOnlyWanted() throws Exception {
    AnsweringServer server =
        world.serve(world.open("orders", b -> b.provider(conscrypt), WITH_KERBEROS));

    assertThat(server.ask(PlainClient.anonymous(), parameters())).isEqualTo("anonymous");
  }

  @Test
  void aProviderWithoutTlsIsNotTaken() {
    MtlsIdentityBuilder builder = MtlsIdentity.builder();

    assertThatThrownBy(() -> builder.provider(Security.getProvider("SunEC")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SunEC has no TLS");
  }

  private MtlsIdentity byConscrypt(String service) {
    return world.open(service, b -> b.provider(conscrypt));
  }

  private String ask(AnsweringServer server, MtlsIdentity client) throws IOException {
    TlsMaterial tls = client.tls().orElseThrow();
    return server.ask(tls.sslContext(), parameters());
  }

  private SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    return parameters;
  }
}
