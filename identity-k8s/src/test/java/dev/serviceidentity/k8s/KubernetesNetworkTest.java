// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesNetworkTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final PrincipalId WEB = PrincipalId.parse("spiffe://shop.example/ns/shop/sa/web");
  private static final Flow TO_ORDERS =
      new Flow(
          FlowEnd.pod("shop", "web-1"),
          FlowEnd.pod("shop", "orders-1"),
          8080,
          Flow.Protocol.TCP,
          Flow.Side.INGRESS);

  @TempDir private Path directory;

  @BeforeEach
  void writeShop() throws IOException {
    Files.writeString(
        directory.resolve("shop.yaml"),
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 172.16.0.1}]}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {namespace: shop, name: orders-1, uid: u-1}
        spec: {serviceAccountName: orders, nodeName: n1}
        status: {podIPs: [{ip: 10.0.0.1}, {ip: "2001:db8::1"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {namespace: shop, name: web-1, labels: {role: frontend}, annotations: {serviceidentity.dev/principal: "kerberos:admin@SHOP.EXAMPLE"}}
        spec: {serviceAccountName: web, nodeName: n1}
        status: {podIP: 10.0.0.2}
        ---
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: old}, status: {podIP: 10.0.0.3}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: new}, status: {podIP: 10.0.0.3}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: done}, status: {podIP: 10.0.0.2, phase: Failed}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: local}, status: {podIPs: [{ip: 127.10.0.5}, {ip: 10.0.0.9}]}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {namespace: shop, name: allow-web}
        spec: {ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]}
        """);
  }

  private ManifestNetworkBuilder shop() {
    return KubernetesNetwork.fromManifests(directory)
        .ownPod("shop", "orders-1")
        .binding(
            WorkloadBinding.builder()
                .trustDomain("shop.example")
                .realm("SHOP.EXAMPLE")
                .annotationsFrom("shop")
                .build())
        .clock(Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static Resolution resolve(KubernetesNetwork network, String address)
      throws UnknownHostException {
    return network.resolve(
        Caller.of(WEB, NOW, NOW.plusSeconds(60)),
        SourceAddress.ofSocket(InetAddress.getByName(address)));
  }

  @Test
  void anAddressOfOnePodIsThatPodEvenIfAnEndedOneHadIt() throws UnknownHostException {
    try (var network = shop().open()) {
      assertThat(resolve(network, "10.0.0.2"))
          .isInstanceOfSatisfying(
              Resolution.One.class,
              one -> {
                assertThat(one.workload().displayName()).isEqualTo("shop/web-1");
                assertThat(one.workload().serviceAccount()).hasToString("shop/web");
                assertThat(one.workload().namespaceLabels()).containsEntry("team", "a");
              });
    }
  }

  @Test
  void aMappedAddressIsTheIpv4Address() throws IOException {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    mapped[12] = 10;
    mapped[15] = 2;
    InetAddress address = java.net.Inet6Address.getByAddress(null, mapped, -1);
    try (var network = shop().open()) {
      assertThat(
              network.resolve(
                  Caller.of(WEB, NOW, NOW.plusSeconds(60)), SourceAddress.ofSocket(address)))
          .isInstanceOf(Resolution.One.class);
    }
  }

  @Test
  void anAddressThatTwoPodsShareHasTwoCandidates() throws UnknownHostException {
    try (var network = shop().open()) {
      assertThat(resolve(network, "10.0.0.3"))
          .isInstanceOfSatisfying(
              Resolution.Candidates.class,
              several ->
                  assertThat(several.workloads())
                      .extracting(Workload::displayName)
                      .containsExactlyInAnyOrder("shop/old", "shop/new"));
    }
  }

  @Test
  void loopbackOwnNodeAndLinkLocalAddressesProveNothing() throws UnknownHostException {
    try (var network = shop().open()) {
      for (String address :
          new String[] {
            "127.0.0.1", "::1", "10.0.0.1", "2001:db8::1", "172.16.0.1", "127.10.0.5", "169.254.1.1"
          }) {
        assertThat(resolve(network, address)).as(address).isInstanceOf(Resolution.Hidden.class);
      }
    }
  }

  /** The guard puts the address and "is" before it. */
  @Test
  void whyAnAddressProvesNothingFitsTheGuardsSentence() throws UnknownHostException {
    try (var network = shop().open()) {
      assertThat(whyHidden(network, "10.0.0.1")).isEqualTo("this pod's own address");
      assertThat(whyHidden(network, "172.16.0.1")).isEqualTo("a node's address");
      assertThat(whyHidden(network, "127.0.0.1")).isEqualTo("a loopback or link-local address");
    }
  }

  @Test
  void anIgnoredLoopbackAddressOfAPodNamesTheCallThatTrustsIt() throws UnknownHostException {
    try (var network = shop().open()) {
      assertThat(whyHidden(network, "127.10.0.5"))
          .startsWith("a loopback")
          .contains("shop/local", "trustLoopbackPods()");
      assertThat(network.loadReport().render()).contains("trustLoopbackPods()");
    }
  }

  private static String whyHidden(KubernetesNetwork network, String address)
      throws UnknownHostException {
    return ((Resolution.Hidden) resolve(network, address)).why();
  }

  @Test
  void thePodsOfAServiceAccountAreThoseThatRunAsItNow() {
    try (var network = shop().open()) {
      assertThat(network.workloadsOf(ServiceAccountName.parse("shop/default")))
          .extracting(Workload::displayName)
          .containsExactlyInAnyOrder("shop/old", "shop/new", "shop/local");
      assertThat(network.workloadsOf(ServiceAccountName.parse("other/default"))).isEmpty();
      network.close();
      assertThat(network.workloadsOf(ServiceAccountName.parse("shop/default"))).isEmpty();
    }
  }

  @Test
  void loopbackPodsCountOnceTheyAreTrusted() throws UnknownHostException {
    try (var network = shop().trustLoopbackPods().open()) {
      assertThat(resolve(network, "127.10.0.5")).isInstanceOf(Resolution.One.class);
      assertThat(resolve(network, "127.0.0.1")).isInstanceOf(Resolution.Hidden.class);
    }
  }

  @Test
  void anUnownedAddressIsExternalOnlyWhileAllAddressesAreKnown() throws IOException {
    try (var network = shop().open()) {
      assertThat(resolve(network, "192.0.2.1")).isInstanceOf(Resolution.External.class);
    }
    Files.writeString(
        directory.resolve("more.yaml"),
        "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: starting}}");
    try (var network = shop().open()) {
      assertThat(resolve(network, "192.0.2.1"))
          .isInstanceOfSatisfying(
              Resolution.Unknown.class, u -> assertThat(u.why()).contains("shop/starting"));
    }
  }

  @Test
  void aPrincipalThatNamesAPodIsThatPodOnly() throws UnknownHostException {
    var byPod =
        WorkloadBinding.builder()
            .trustDomain("shop.example")
            .spiffeTemplates("/ns/{namespace}/sa/{name}/{pod}")
            .build();
    var old = PrincipalId.parse("spiffe://shop.example/ns/shop/sa/default/old");
    var caller = Caller.of(old, NOW, NOW.plusSeconds(60));
    try (var network = shop().binding(byPod).open()) {
      assertThat(network.resolve(caller, source("10.0.0.3"))).isInstanceOf(Resolution.One.class);
      assertThat(network.resolve(caller, source("10.0.0.2")))
          .isInstanceOf(Resolution.Unknown.class);
    }
  }

  private static SourceAddress source(String address) throws UnknownHostException {
    return SourceAddress.ofSocket(InetAddress.getByName(address));
  }

  @Test
  void annotationsOfPodsAreNeverHeard() {
    try (var network = shop().open()) {
      assertThat(network.serviceAccountOf(WEB)).hasToString("Optional[shop/web]");
      assertThat(network.serviceAccountOf(PrincipalId.parse("kerberos:admin@SHOP.EXAMPLE")))
          .isEmpty();
    }
  }

  @Test
  void annotationsOfServiceAccountsAreHeardWhereListed() throws IOException {
    Files.writeString(
        directory.resolve("sa.yaml"),
        "{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: shop, name: boss, annotations:"
            + " {serviceidentity.dev/principal: \"kerberos:admin@SHOP.EXAMPLE\"}}}");
    try (var network = shop().open()) {
      assertThat(network.serviceAccountOf(PrincipalId.parse("kerberos:admin@SHOP.EXAMPLE")))
          .hasToString("Optional[shop/boss]");
    }
  }

  @Test
  void aContestedNameIsNobodysAndDegradesHealth() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      Files.writeString(
          directory.resolve("sa-" + name + ".yaml"),
          "{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: shop, name: "
              + name
              + ", annotations: {serviceidentity.dev/principal: \"kerberos:admin@SHOP.EXAMPLE\"}}}");
    }
    try (var network = shop().open()) {
      assertThat(network.serviceAccountOf(PrincipalId.parse("kerberos:admin@SHOP.EXAMPLE")))
          .isEmpty();
      assertThat(network.health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(network.health().detail()).contains("shop/a", "shop/b", "nobody has it");
    }
  }

  @Test
  void aFlowIsDecidedAndExplainedWithTheStampOfTheFiles() {
    try (var network = shop().open()) {
      var decision = network.check(TO_ORDERS);

      assertThat(decision.verdict()).isEqualTo(Verdict.ALLOWED);
      assertThat(decision.explanation(TO_ORDERS).decidedBy())
          .containsExactly("shop/allow-web ingress[0].from[0]");
      assertThat(decision.stamp()).isEqualTo(network.stamp());
      assertThat(network.stamp().version()).startsWith("sha256:");
      assertThat(network.stamp().provenAt()).isEqualTo(Instant.MAX);
      assertThat(network.stamp().ageAt(NOW)).isZero();
    }
  }

  @Test
  void theOwnPodIsKnown() {
    try (var network = shop().open()) {
      assertThat(network.self().orElseThrow().displayName()).isEqualTo("shop/orders-1");
      assertThat(network.self().orElseThrow().pod().uid()).isEqualTo("u-1");
    }
  }

  @Test
  void errorsInTheManifestsDegradeHealth() throws IOException {
    Files.writeString(directory.resolve("broken.yaml"), "a: {b\n");
    try (var network = shop().open()) {
      assertThat(network.health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(network.health().detail()).contains("broken.yaml:2");
      assertThat(network.loadReport().render()).contains("broken.yaml:2: error: document");
    }
  }

  @Test
  void afterClosingNothingIsKnown() throws UnknownHostException {
    var network = shop().open();
    assertThat(network.health())
        .isEqualTo(new Health.Part("kubernetes", Health.Status.UP, network.health().detail(), NOW));

    network.close();
    network.close();

    assertThat(network.check(TO_ORDERS).verdict()).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(network.check(TO_ORDERS).explanation(TO_ORDERS).summary()).contains("closed");
    assertThat(resolve(network, "10.0.0.2")).isInstanceOf(Resolution.Unknown.class);
    assertThat(network.self()).isEmpty();
    assertThat(network.serviceAccountOf(WEB)).isEmpty();
    assertThat(network.health().status()).isEqualTo(Health.Status.DOWN);
  }

  @Test
  void aMissingPathIsAConfigurationError() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> KubernetesNetwork.fromManifests(directory.resolve("none")).open())
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION);
  }
}
