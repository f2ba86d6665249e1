// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of addresses that nobody is known to have, and of namespaces that nobody knows. */
class OutsideAddressTest {
  private static final List<Cidr> POD_NETWORKS = List.of(Cidr.parse("10.0.0.0/8"));
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: shop, name: p}
      spec:
        podSelector: {}
        ingress:
        - from:
          - ipBlock: {cidr: 203.0.113.0/24}
          - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}
      """;
  private static final TestCluster CLUSTER =
      TestCluster.of(
          namespace("shop", ""),
          pod("shop/orders", "app: orders", "10.1.0.1"),
          pod("web/web", "app: web", "10.1.0.2"),
          POLICY);

  private static PolicyEngine engine(List<Cidr> podNetworks, Gaps gaps) {
    ClusterFacts all = CLUSTER.facts();
    return PolicyEngine.compile(
        new ClusterFacts(all.namespaces(), all.pods(), all.nodes(), all.policies(), gaps),
        new Assumptions(PodsInBlocks.MATCH, Unowned.UNDECIDABLE, podNetworks));
  }

  private static Gaps somebody(Placement placement) {
    return new Gaps(List.of(), List.of(new UnknownOwner("somebody", placement)));
  }

  private static Placement somewhere(boolean hostNetwork) {
    return new Placement(Lifecycle.ACTIVE, hostNetwork, List.of(), List.of());
  }

  private static Verdict ingress(PolicyEngine engine, String from) {
    return engine.verdict(TestCluster.flow(from, "shop/orders", "80", Side.INGRESS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.9", "2001:db8::1"})
  void isNoPodsWherePodsAreNot(String address) {
    PolicyEngine engine = engine(POD_NETWORKS, somebody(somewhere(false)));
    assertThat(engine.ownerOf(IpAddress.parse(address))).isInstanceOf(AddressOwner.Outside.class);
  }

  @Test
  void isJudgedByBlocksWherePodsAreNot() {
    PolicyEngine engine = engine(POD_NETWORKS, somebody(somewhere(false)));
    assertThat(ingress(engine, "203.0.113.9")).isEqualTo(Verdict.ALLOWED);
    assertThat(ingress(engine, "203.0.114.9")).isEqualTo(Verdict.DENIED);
    assertThat(ingress(engine, "10.2.2.2")).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void mayBeAPodsWhileItIsNotSaidWherePodsAre() {
    PolicyEngine engine = engine(List.of(), somebody(somewhere(false)));
    assertThat(ingress(engine, "203.0.113.9")).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void mayBeThatOfANodeWhichIsNotKnown() {
    assertThat(ingress(engine(POD_NETWORKS, somebody(somewhere(true))), "203.0.113.9"))
        .isEqualTo(Verdict.UNDECIDABLE);
    assertThat(ingress(engine(POD_NETWORKS, somebody(null)), "203.0.113.9"))
        .isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void aNamespaceThatIsNotKnownHasItsNameOnlyIfTheServerSaysSo() {
    assertThat(ingress(engine(List.of(), Gaps.NONE), "web/web")).isEqualTo(Verdict.ALLOWED);
    assertThat(ingress(engine(List.of(), new Gaps(List.of(), List.of(), true)), "web/web"))
        .isEqualTo(Verdict.UNDECIDABLE);
  }
}
