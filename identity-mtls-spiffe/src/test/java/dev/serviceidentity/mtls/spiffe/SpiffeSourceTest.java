// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import io.grpc.Status;
import io.spiffe.workloadapi.grpc.Workload.X509SVID;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The X.509-SVID of a Workload API as the identity of a service, while updates come. */
class SpiffeSourceTest {
  private static final String PARTNER = "spiffe://partner.example/ns/x/sa/y";

  @TempDir Path directory;
  private Workloads workloads;

  @BeforeEach
  void begin() {
    workloads = new Workloads(directory);
  }

  @AfterEach
  void close() throws Exception {
    workloads.close();
  }

  @Test
  void theFirstSvidIsTheIdentity() throws Exception {
    AgentServer agent = workloads.agent("agent");
    agent
        .svids()
        .send(Workloads.response(workloads.svid(Workloads.WEB), workloads.svid(Workloads.ORDERS)));

    MtlsIdentity web = workloads.open(agent);

    assertThat(web.current().principal()).hasToString("mtls:" + Workloads.WEB);
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void anotherSvidIsTheIdentityIfItIsNamed() throws Exception {
    AgentServer agent = workloads.agent("agent");
    agent
        .svids()
        .send(Workloads.response(workloads.svid(Workloads.WEB), workloads.svid(Workloads.ORDERS)));

    MtlsIdentity orders = workloads.open(SpiffeSource.of(agent.api()).svid(Workloads.ORDERS));

    assertThat(orders.current().principal()).hasToString("mtls:" + Workloads.ORDERS);
  }

  @Test
  void anAgentOnLoopbackIsAsGood() throws Exception {
    AgentServer agent = workloads.closing(AgentServer.onLoopback());
    agent.svids().send(Workloads.response(workloads.svid(Workloads.WEB)));

    assertThat(workloads.open(agent).current().principal()).hasToString("mtls:" + Workloads.WEB);
  }

  @Test
  void twoServicesCallEachOtherWithSvidsOfTheirAgents() throws Exception {
    MtlsIdentity orders = workloads.open(workloads.agentOf(Workloads.ORDERS));
    MtlsIdentity web = workloads.open(workloads.agentOf(Workloads.WEB));

    assertThat(workloads.closing(TlsCalls.to(orders)).by(web)).isEqualTo("mtls:" + Workloads.WEB);
  }

  @Test
  void anUpdateIsANewGenerationOfIdentityAndTrustAtOnce() throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.WEB);
    MtlsIdentity web = workloads.open(agent);
    Heard heard = Heard.of(web);
    var other = DevelopmentCa.create("shop.example", workloads.clock);

    agent
        .svids()
        .send(
            Workloads.response(
                Workloads.svid(
                    Workloads.WEB,
                    other.issue(LeafTemplate.spiffe(Workloads.WEB).dns("localhost")))));

    IdentitySnapshot next = heard.rotation();
    assertThat(next.generation()).isEqualTo(2);
    assertThat(web.current()).isEqualTo(next);
    // A caller of the first authority is not trusted any more.
    TlsCalls calls = workloads.closing(TlsCalls.to(web));
    MtlsIdentity before = workloads.open(workloads.agentOf(Workloads.ORDERS));
    assertThatThrownBy(() -> calls.by(before)).isInstanceOf(IOException.class);
  }

  @Test
  void callsGoOnWhileSvidsAreReplaced() throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.WEB);
    MtlsIdentity web = workloads.open(agent);
    MtlsIdentity orders = workloads.open(workloads.agentOf(Workloads.ORDERS));
    TlsCalls calls = workloads.closing(TlsCalls.to(orders));
    Heard heard = Heard.of(web);

    for (int i = 0; i < 20; i++) {
      agent.svids().send(Workloads.response(workloads.svid(Workloads.WEB)));
      assertThat(calls.by(web)).isEqualTo("mtls:" + Workloads.WEB);
      assertThat(heard.rotation().generation()).isEqualTo(i + 2);
    }
  }

  @Test
  void callersOfAFederatedDomainComeAndGoWithItsBundle() throws Exception {
    var partnerCa = DevelopmentCa.create("partner.example", workloads.clock);
    MtlsIdentity partner = partner(partnerCa);
    AgentServer agent = workloads.agent("orders");
    X509SVID mine = workloads.svid(Workloads.ORDERS);
    agent.svids().send(federated(mine, "spiffe://partner.example", bundle(partnerCa)));
    MtlsIdentity orders = workloads.open(agent);
    TlsCalls calls = workloads.closing(TlsCalls.to(orders));

    assertThat(calls.by(partner)).isEqualTo("mtls:" + PARTNER);

    Heard heard = Heard.of(orders);
    agent.svids().send(Workloads.response(mine));
    assertThat(heard.rotation().generation()).isEqualTo(2);
    assertThatThrownBy(() -> calls.by(partner)).isInstanceOf(IOException.class);
  }

  @Test
  void aFederatedBundleThatIsNoGoodCostsNobodyElseAnUpdate() throws Exception {
    var partnerCa = DevelopmentCa.create("partner.example", workloads.clock);
    AgentServer agent = workloads.agent("orders");
    agent
        .svids()
        .send(
            federated(
                workloads.svid(Workloads.ORDERS), "spiffe://partner.example", bundle(partnerCa)));
    MtlsIdentity orders = workloads.open(agent);
    Heard heard = Heard.of(orders);

    agent
        .svids()
        .send(
            federated(
                workloads.svid(Workloads.ORDERS),
                "spiffe://partner.example",
                ByteString.copyFromUtf8("no DER")));

    assertThat(heard.rotation().generation()).isEqualTo(2);
    assertThat(heard.failure())
        .hasMessageContaining("a bundle for partner.example that cannot be read");
    assertThat(orders.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(workloads.closing(TlsCalls.to(orders)).by(partner(partnerCa)))
        .isEqualTo("mtls:" + PARTNER);
  }

  @Test
  void aFederatedDomainGoesThoughTheOwnPartOfTheAnswerIsNoGood() throws Exception {
    var partnerCa = DevelopmentCa.create("partner.example", workloads.clock);
    AgentServer agent = workloads.agent("orders");
    X509SVID mine = workloads.svid(Workloads.ORDERS);
    agent.svids().send(federated(mine, "spiffe://partner.example", bundle(partnerCa)));
    MtlsIdentity orders = workloads.open(agent);
    TlsCalls calls = workloads.closing(TlsCalls.to(orders));
    MtlsIdentity partner = partner(partnerCa);
    assertThat(calls.by(partner)).isEqualTo("mtls:" + PARTNER);
    Heard heard = Heard.of(orders);

    ByteString broken = ByteString.copyFromUtf8("no DER");
    agent.svids().send(Workloads.response(mine.toBuilder().setBundle(broken).build()));

    assertThat(heard.rotation().generation()).isEqualTo(2);
    assertThat(heard.failure()).hasMessageContaining("a bundle for shop.example that cannot be");
    assertThatThrownBy(() -> calls.by(partner)).isInstanceOf(IOException.class);
  }

  @Test
  void aFederatedBundleForTheOwnDomainOrForAWorkloadIsRefused() throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.ORDERS);
    MtlsIdentity orders = workloads.open(agent);
    Heard heard = Heard.of(orders);
    var stranger = DevelopmentCa.create("shop.example", workloads.clock);

    agent
        .svids()
        .send(
            federated(workloads.svid(Workloads.ORDERS), "spiffe://shop.example", bundle(stranger)));
    assertThat(heard.failure()).hasMessageContaining("two bundles for shop.example");

    agent.svids().send(federated(workloads.svid(Workloads.ORDERS), PARTNER, bundle(stranger)));
    assertThat(heard.failure()).hasMessageContaining("'" + PARTNER + "', which is no trust domain");
  }

  @Test
  void anUpdateWithoutSvidIsRefusedAndTheLastOneKept() throws Exception {
    refuses(X509SVIDResponse.getDefaultInstance(), "has sent no SVID; see the registration");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    X509SVID other = workloads.svid(Workloads.WEB);

    refuses(
        Workloads.response(
            workloads.svid(Workloads.WEB).toBuilder()
                .setX509SvidKey(other.getX509SvidKey())
                .build()),
        "The X.509-SVID from unix://",
        "does not belong to the key in the same answer");
  }

  @Test
  void anSvidOfAnotherTrustDomainIsRefused() throws Exception {
    var partnerCa = DevelopmentCa.create("partner.example", workloads.clock);

    refuses(
        Workloads.response(Workloads.svid(PARTNER, partnerCa.issue(LeafTemplate.spiffe(PARTNER)))),
        PARTNER + ", not of the configured trust domain shop.example");
  }

  @Test
  void aCertificateForAnotherIdThanTheAnswerSaysIsRefused() throws Exception {
    refuses(
        Workloads.response(Workloads.svid(Workloads.WEB, workloads.issue(Workloads.ORDERS))),
        "a certificate for [" + Workloads.ORDERS + "] as that of " + Workloads.WEB);
  }

  @Test
  void aKeyThatIsNoneIsRefusedWithoutRepeatingIt() throws Exception {
    refuses(
        Workloads.response(
            workloads.svid(Workloads.WEB).toBuilder()
                .setX509SvidKey(ByteString.copyFromUtf8("secret"))
                .build()),
        "a key for " + Workloads.WEB + " that is no PKCS#8");
  }

  @Test
  void aChainThatIsNoneIsRefused() throws Exception {
    refuses(
        Workloads.response(
            workloads.svid(Workloads.WEB).toBuilder()
                .setX509Svid(ByteString.copyFromUtf8("-----BEGIN CERTIFICATE-----"))
                .build()),
        "a certificate for " + Workloads.WEB + " that cannot be read");
  }

  @Test
  void aBundleWithoutAuthorityIsRefused() throws Exception {
    X509SVID mine = workloads.svid(Workloads.WEB);

    refuses(
        Workloads.response(mine.toBuilder().clearBundle().build()),
        "a bundle for shop.example with none or other than authorities");
  }

  @Test
  void aBundleWithALeafIsRefused() throws Exception {
    X509SVID mine = workloads.svid(Workloads.WEB);

    refuses(
        Workloads.response(mine.toBuilder().setBundle(mine.getX509Svid()).build()),
        "a bundle for shop.example with none or other than authorities");
  }

  @Test
  void anIdThatIsNoneIsRefused() throws Exception {
    refuses(
        Workloads.response(
            workloads.svid(Workloads.WEB).toBuilder().setSpiffeId("spiffe://Shop").build()),
        "has sent an SVID of which 'spiffe://Shop' is no SPIFFE ID (ID_TRUST_DOMAIN)");
  }

  @Test
  void anOversizedAnswerIsRefusedAndTheLastOneKept() throws Exception {
    refuses(
        Workloads.response(
            workloads.svid(Workloads.WEB).toBuilder()
                .setHint("x".repeat(Agent.MOST_BYTES))
                .build()),
        "sends more than is accepted",
        "at most 4194304 bytes");
  }

  @Test
  void whatTheAuthoritiesSayIsFollowedThoughTheOwnCertificateIsNoGood() throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.ORDERS);
    MtlsIdentity orders = workloads.open(agent);
    MtlsIdentity web = workloads.open(workloads.agentOf(Workloads.WEB));
    Heard heard = Heard.of(orders);
    TlsCalls calls = workloads.closing(TlsCalls.to(orders));
    assertThat(calls.by(web)).isEqualTo("mtls:" + Workloads.WEB);

    var next = DevelopmentCa.create("shop.example", workloads.clock);
    agent
        .svids()
        .send(
            Workloads.response(
                workloads.svid(Workloads.ORDERS).toBuilder()
                    .setX509SvidKey(ByteString.EMPTY)
                    .setBundle(bundle(next))
                    .build()));

    assertThat(heard.rotation().generation()).isEqualTo(2);
    assertThatThrownBy(() -> calls.by(web)).isInstanceOf(IOException.class);
  }

  @Test
  void theLastSvidStaysWhileTheAgentFailsAndTheNextOneComesByItself() throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.WEB);
    MtlsIdentity web = workloads.open(agent);
    Heard heard = Heard.of(web);

    agent.svids().fail(Status.INTERNAL.withDescription("datastore\nlost"));

    assertThat(heard.failure())
        .hasMessageContaining("cannot be reached (INTERNAL: 'datastore\\u000alost')");
    assertThat(web.current().generation()).isEqualTo(1);
    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    agent.svids().send(Workloads.response(workloads.svid(Workloads.WEB)));
    assertThat(heard.rotation().generation()).isEqualTo(2);
    web.refresh();
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void anAgentThatIsRestartedOnANewSocketIsFoundAgain() throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.WEB);
    MtlsIdentity web = workloads.open(agent);
    Heard heard = Heard.of(web);

    for (int i = 0; i < 3; i++) {
      agent.stop();
      assertThat(heard.failure().code()).isEqualTo(Code.AUTHORITY_UNREACHABLE);
      agent.svids().send(Workloads.response(workloads.svid(Workloads.WEB)));
      agent.start();
      assertThat(heard.rotation().generation()).isEqualTo(i + 2);
      web.refresh();
    }
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void afterClosingThereIsNoIdentity() throws Exception {
    MtlsIdentity web = workloads.open(workloads.agentOf(Workloads.WEB));

    web.close();
    web.close();

    assertThatThrownBy(web::current)
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CLOSED));
  }

  /** Such an update changes nothing but health, and is told. */
  private void refuses(X509SVIDResponse update, String... told) throws Exception {
    AgentServer agent = workloads.agentOf(Workloads.WEB);
    MtlsIdentity web = workloads.open(agent);
    Heard heard = Heard.of(web);
    IdentitySnapshot before = web.current();

    agent.svids().send(update);

    assertThat(heard.failure()).hasMessageContainingAll(told);
    assertThat(web.current()).isEqualTo(before);
    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(web.health().detail()).contains(told);
    MtlsIdentity orders = workloads.open(workloads.agentOf(Workloads.ORDERS));
    assertThat(workloads.closing(TlsCalls.to(orders)).by(web)).isEqualTo("mtls:" + Workloads.WEB);
  }

  private MtlsIdentity partner(DevelopmentCa partnerCa) throws IOException {
    AgentServer agent = workloads.agent("partner");
    agent
        .svids()
        .send(
            federated(
                Workloads.svid(
                    PARTNER, partnerCa.issue(LeafTemplate.spiffe(PARTNER).dns("localhost"))),
                "spiffe://shop.example",
                bundle(workloads.ca)));
    return workloads.closing(
        MtlsIdentity.builder()
            .source(SpiffeSource.of(agent.api()))
            .trustDomain("partner.example")
            .federatedServers(server -> server.domain().equals("shop.example"))
            .open(workloads.runtime()));
  }

  private static X509SVIDResponse federated(X509SVID mine, String domain, ByteString bundle) {
    return Workloads.response(mine).toBuilder().putFederatedBundles(domain, bundle).build();
  }

  private static ByteString bundle(DevelopmentCa authority) {
    return Workloads.der(List.of(authority.certificate()));
  }
}
