// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way of allowing callers, met by certificates and judged by the guard itself. */
class AllowedPeersTest {
  @TempDir Path directory;
  private World world;
  private DevelopmentCa other;

  @BeforeEach
  void issue() throws Exception {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    other = DevelopmentCa.create("b.example", world.clock);
    Files.writeString(
        directory.resolve("b.pem"), Draft.pem("CERTIFICATE", Draft.der(other.certificate())));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void anExactSpiffeId() {
    AllowedCallers rule = AllowedCallers.principals(World.WEB);

    assertThat(admitted(rule, world.ca, World.WEB)).isTrue();
    assertThat(admitted(rule, world.ca, World.WEB + "2")).isFalse();
    assertThat(admitted(rule, world.ca, World.WEB + "/x")).isFalse();
  }

  @Test
  void aPatternOfPaths() {
    AllowedCallers rule = AllowedCallers.principalsLike("mtls:spiffe://shop.example/ns/shop/sa/*");

    assertThat(admitted(rule, world.ca, World.WEB)).isTrue();
    assertThat(admitted(rule, world.ca, World.WEB + "/x")).isFalse();
    assertThat(admitted(rule, world.ca, "spiffe://shop.example/ns/other/sa/web")).isFalse();
    assertThat(admitted(rule, other, "spiffe://b.example/ns/shop/sa/web")).isFalse();
  }

  @Test
  void aPatternOfAFederatedDomain() {
    AllowedCallers rule = AllowedCallers.principalsLike("mtls:spiffe://b.example/**");

    assertThat(admitted(rule, other, "spiffe://b.example/ns/shop/sa/web")).isTrue();
    assertThat(admitted(rule, world.ca, World.WEB)).isFalse();
  }

  @Test
  void aServiceAccountOfTheOwnDomainOnly() {
    AllowedCallers rule = AllowedCallers.serviceAccounts("shop/web");

    assertThat(admitted(rule, world.ca, World.WEB)).isTrue();
    assertThat(admitted(rule, world.ca, "spiffe://shop.example/ns/web/sa/shop")).isFalse();
    assertThat(admitted(rule, world.ca, World.WEB + "/x")).isFalse();
    assertThat(admitted(rule, other, "spiffe://b.example/ns/shop/sa/web"))
        .as("the same path in a federated domain")
        .isFalse();
  }

  @Test
  void aDnsName() {
    world.ca.issue(LeafTemplate.dnsName("orders.shop")).writeTo(world.files("orders"));
    AllowedCallers rule = AllowedCallers.principals("mtls:dns:web.shop@shop.example");
    UnaryOperator<MtlsIdentityBuilder> names = MtlsIdentityBuilder::dnsNames;

    assertThat(admitted(rule, names, LeafTemplate.dnsName("WEB.shop"))).isTrue();
    assertThat(admitted(rule, names, LeafTemplate.dnsName("web.shop2"))).isFalse();
  }

  @Test
  void aUri() {
    world
        .ca
        .issue(LeafTemplate.spiffe("https://shop.example/orders"))
        .writeTo(world.files("orders"));
    AllowedCallers exact =
        AllowedCallers.principals("mtls:uri:https://shop.example/web@shop.example");
    UnaryOperator<MtlsIdentityBuilder> names = MtlsIdentityBuilder::uriNames;

    assertThat(admitted(exact, names, LeafTemplate.spiffe("https://shop.example/web"))).isTrue();
    assertThat(admitted(exact, names, LeafTemplate.spiffe("https://shop.example/WEB"))).isFalse();
  }

  private boolean admitted(AllowedCallers rule, DevelopmentCa issuer, String id) {
    return admitted(
        rule,
        orders -> orders.federatedTrust("b.example", directory.resolve("b.pem")),
        issuer,
        LeafTemplate.spiffe(id));
  }

  private boolean admitted(
      AllowedCallers rule, UnaryOperator<MtlsIdentityBuilder> names, LeafTemplate caller) {
    return admitted(rule, names, world.ca, caller);
  }

  private boolean admitted(
      AllowedCallers rule,
      UnaryOperator<MtlsIdentityBuilder> more,
      DevelopmentCa issuer,
      LeafTemplate caller) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    CallerEvidence evidence =
        CallerEvidence.of(
                new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 443))
            .peerCertificates(issuer.issue(caller).chain());
    MtlsIdentityBuilder orders =
        more.apply(
            MtlsIdentity.builder().pemDirectory(world.files("orders")).trustDomain("shop.example"));
    try (ServiceIdentity identity =
        ServiceIdentity.builder()
            .mechanism(orders)
            .trustIdentityAlone()
            .allow(rule)
            .audit(new InMemorySink(10))
            .clock(world.clock)
            .open()) {
      var decision = identity.admit(evidence);
      if (decision instanceof Refused refused) {
        assertThat(refused.layer()).as(refused.explanation()).isEqualTo(Layer.CALLER);
      }
      return decision instanceof Admitted;
    }
  }
}
