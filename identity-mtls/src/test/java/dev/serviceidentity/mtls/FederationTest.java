// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers of other trust domains, each judged by the authorities of its own. */
class FederationTest {
  private static final String BILLING = "spiffe://b.example/ns/shop/sa/billing";
  private static final String STOCK = "spiffe://c.example/ns/shop/sa/stock";

  @TempDir Path directory;
  private World world;
  private DevelopmentCa b;
  private DevelopmentCa c;
  private MtlsIdentity orders;

  @BeforeEach
  void open() throws Exception {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    b = DevelopmentCa.create("b.example", world.clock);
    c = DevelopmentCa.create("c.example", world.clock);
    write("b.pem", pem(b.certificate()));
    write("c.pem", pem(c.certificate()));
    orders = world.open("orders", this::federated);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aPeerOfAFederatedDomainIsACallerOfThatDomain() throws Exception {
    AnsweringServer server = world.serve(orders);

    String answer =
        server.ask(PlainClient.showing(b.issue(LeafTemplate.spiffe(BILLING))), new SSLParameters());

    assertThat(answer).startsWith("mtls:" + BILLING);
  }

  @Test
  void noAuthorityNamesPeersOfAnotherDomain_1() {
    assertThat(refusal(b, World.WEB)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(refusal(b, STOCK)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(refusal(world.ca, BILLING)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(refusal(b, "spiffe://d.example/x"))
        .isEqualTo(CertificateRejection.UNKNOWN_TRUST_DOMAIN);
  }

  @Test
  void aServerOfAFederatedDomainIsNoneOfOurs() throws Exception {
    AnsweringServer billing = world.serve(billing());
    MtlsIdentity careless = world.open("orders", o -> federated(o).servers(server -> true));

    for (MtlsIdentity client : List.of(orders, careless)) {
      assertThatThrownBy(() -> billing.ask(client))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("SERVER_NOT_EXPECTED")
          .hasMessageContaining(BILLING);
    }
  }

  @Test
  void aServerOfAFederatedDomainIsCalledWhereThatIsChosen() throws Exception {
    AnsweringServer billing = world.serve(billing());
    MtlsIdentity calling =
        world.open(
            "orders", o -> federated(o).federatedServers(s -> s.domain().equals("b.example")));
    MtlsIdentity others =
        world.open(
            "orders", o -> federated(o).federatedServers(s -> s.domain().equals("c.example")));

    assertThat(billing.ask(calling)).startsWith("mtls:" + World.ORDERS);
    assertThatThrownBy(() -> billing.ask(others)).hasMessageContaining("SERVER_NOT_EXPECTED");
  }

  @Test
  void clientsAreToldOfTheAuthoritiesOfAllDomains() {
    assertThat(orders.tls().orElseThrow().trustManager().getAcceptedIssuers())
        .containsExactlyInAnyOrder(world.ca.certificate(), b.certificate(), c.certificate());
  }

  @Test
  void aReplacedBundleIsNoticed() throws Exception {
    var rotated = new CompletableFuture<IdentitySnapshot>();
    orders.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            rotated.complete(current);
          }
        });
    DevelopmentCa next = DevelopmentCa.create("b.example", world.clock);

    write("b.pem", pem(next.certificate()));

    assertThat(rotated.get(60, TimeUnit.SECONDS).generation()).isEqualTo(2);
    assertThat(verify(next, BILLING)).isInstanceOf(Verification.Verified.class);
    assertThat(refusal(b, BILLING)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(verify(c, STOCK)).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void aBrokenBundleStaysAsItWasAndHoldsNobodyUp() throws Exception {
    DevelopmentCa next = DevelopmentCa.create("c.example", world.clock);
    write("b.pem", "-----BEGIN CERTIFICATE-----\n");
    write("c.pem", pem(next.certificate()));
    world.issue("orders", World.ORDERS + "-renewed");

    assertThatThrownBy(orders::refresh)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("federatedTrust(\"b.example\", ...): ")
        .hasMessageContaining("b.pem is not PEM");

    assertThat(verify(b, BILLING))
        .as("its last good one")
        .isInstanceOf(Verification.Verified.class);
    assertThat(verify(next, STOCK)).isInstanceOf(Verification.Verified.class);
    assertThat(refusal(c, STOCK)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(orders.current().principal()).hasToString("mtls:" + World.ORDERS + "-renewed");
    assertThat(orders.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(orders.health().detail()).contains("b.example");
  }

  @Test
  void aMendedBundleEndsTheComplaint() throws Exception {
    write("b.pem", "");
    assertThatThrownBy(orders::refresh).isInstanceOf(IdentityException.class);

    write("b.pem", pem(b.certificate()));
    orders.refresh();

    assertThat(orders.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void bundlesAreFollowedWhateverIsWrongWithTheOwnFiles() throws Exception {
    DevelopmentCa next = DevelopmentCa.create("b.example", world.clock);
    Path version = world.files("orders").resolve("..data").toRealPath();
    for (String own : new String[] {"tls.crt", "ca.crt"}) {
      Files.writeString(version.resolve(own), "nothing");
    }
    write("b.pem", pem(next.certificate()));

    assertThatThrownBy(orders::refresh).hasMessageContaining("tls.crt");

    assertThat(verify(next, BILLING)).isInstanceOf(Verification.Verified.class);
    assertThat(refusal(b, BILLING)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(verify(world.ca, World.WEB)).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void openingNamesTheDomainWhoseFileIsMissing() {
    assertThatThrownBy(
            () -> world.open("orders", o -> o.federatedTrust("d.example", directory.resolve("d"))))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("federatedTrust(\"d.example\", ...): ")
        .hasMessageContaining("is missing");
  }

  @Test
  void theOwnDomainIsNotFederated() {
    assertThatThrownBy(
            () -> world.open("orders", o -> o.federatedTrust("shop.example", file("b.pem"))))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("the authorities of shop.example come with");
  }

  @Test
  void namesWithoutTrustDomainAreNotFederated() {
    assertThatThrownBy(
            () ->
                world.open("orders", o -> o.dnsNames().federatedTrust("b.example", file("b.pem"))))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("needs SPIFFE IDs");
  }

  @Test
  void aDomainHasOneFile() {
    MtlsIdentityBuilder builder = federated(MtlsIdentity.builder());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.federatedTrust("b.example", file("c.pem")))
        .withMessageContaining("two files for the trust domain b.example");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.federatedTrust("spiffe://d.example", file("c.pem")));
  }

  /** A server of b.example whose certificate has the host names of ours. */
  private MtlsIdentity billing() throws IOException {
    b.issue(World.template(BILLING)).writeTo(world.files("billing"));
    write("shop.pem", pem(world.ca.certificate()));
    return world.open(
        "billing",
        o -> o.trustDomain("b.example").federatedTrust("shop.example", file("shop.pem")));
  }

  private MtlsIdentityBuilder federated(MtlsIdentityBuilder builder) {
    return builder
        .federatedTrust("b.example", file("b.pem"))
        .federatedTrust("c.example", file("c.pem"));
  }

  private CertificateRejection refusal(DevelopmentCa issuer, String id) {
    return (CertificateRejection) ((Verification.Rejected) verify(issuer, id)).reason();
  }

  private Verification verify(DevelopmentCa issuer, String id) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return orders
        .callers()
        .verify(
            CallerEvidence.of(
                    new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 443))
                .peerCertificates(issuer.issue(LeafTemplate.spiffe(id)).chain()));
  }

  private Path file(String name) {
    return directory.resolve("bundles").resolve(name);
  }

  /** In one step: whoever reads finds the old or the new. */
  private void write(String name, String content) throws IOException {
    Files.createDirectories(file(name).getParent());
    Path unfinished = Files.writeString(directory.resolve(name + ".new"), content);
    Files.move(unfinished, file(name), ATOMIC_MOVE);
  }

  private static String pem(X509Certificate certificate) {
    return Draft.pem("CERTIFICATE", Draft.der(certificate));
  }
}
