// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.junit.jupiter.api.Test;

/** One pod stands for a workload only where all its pods get the same answer. */
class ReplicasTest {
  private static final String CLOSED =
      TestCluster.policy("shop/deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
  private static final String WEB_1 = web("web-1", "n1", "10.0.0.1", "10.1.0.5");
  private static final String WEB_2 = web("web-2", "n2", "10.0.0.2", "10.1.0.6");

  private static String web(String name, String node, String host, String address) {
    return """
        apiVersion: v1
        kind: Pod
        metadata:
          {name: %s, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: web}]}
        spec: {nodeName: %s}
        status: {phase: Running, hostIP: %s, podIPs: [{ip: %s}]}
        """
        .formatted(name, node, host, address);
  }

  /** A pod on the network of a node that only its address tells. */
  private static String agent(String name, String address) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: mon, ownerReferences: [{kind: DaemonSet, name: ds}]}
        spec: {hostNetwork: true}
        status: {phase: Running, podIPs: [{ip: %s}]}
        """
        .formatted(name, address);
  }

  private static Verdict verdict(String from, String to, String... more) {
    Manifests manifests =
        TestCluster.of(
                TestCluster.namespace("shop", ""),
                TestCluster.namespace("mon", ""),
                CLOSED,
                WEB_1,
                WEB_2,
                String.join("\n---\n", more))
            .manifests();
    try (KubernetesNetwork network = KubernetesNetwork.fromManifests(manifests).open()) {
      var questions =
          new PolicyQuestions(network, Directory.of(Inventory.of(manifests), manifests.report()));
      return questions
          .ask(
              new Question(
                  Reference.parse(from), Reference.parse(to), PortNumber.parse("80"), Side.BOTH))
          .verdict();
    }
  }

  @Test
  void fromTheAddressOfOnePodToItsWorkloadHasNoOneAnswer() {
    assertThat(verdict("10.1.0.5", "shop/web")).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(verdict("10.1.0.6", "shop/web")).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(verdict("10.1.0.5", "shop/web-1")).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict("10.1.0.5", "shop/web-2")).isEqualTo(Verdict.DENIED);
  }

  @Test
  void fromAWorkloadToTheAddressOfOneOfItsPodsHasNoOneAnswer() {
    assertThat(verdict("shop/web", "10.1.0.5")).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(verdict("shop/web", "10.1.0.6")).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void anAddressThatIsNoPodsIsDecidedForTheWholeWorkload() {
    assertThat(verdict("203.0.113.1", "shop/web")).isEqualTo(Verdict.DENIED);
    assertThat(verdict("shop/web", "external")).isEqualTo(Verdict.DENIED);
  }

  @Test
  void fromANodeThatOnlyItsPodsShowToAWorkloadOnSeveralHasNoOneAnswer() {
    assertThat(verdict("10.0.0.1", "shop/web")).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(verdict("10.0.0.1", "shop/web-1")).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict("shop/web", "10.0.0.2")).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void podsOnTheNetworksOfNodesThatOnlyTheirAddressesTellAreNotAlike() {
    String[] more = {
      TestCluster.node("n1", "10.0.0.1"),
      TestCluster.node("n2", "10.0.0.2"),
      agent("ds-1", "10.0.0.1"),
      agent("ds-2", "10.0.0.2")
    };

    assertThat(verdict("mon/ds-1", "shop/web-1", more)).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict("mon/ds-2", "shop/web-1", more)).isEqualTo(Verdict.DENIED);
    assertThat(verdict("mon/ds", "shop/web-1", more)).isEqualTo(Verdict.UNDECIDABLE);
  }
}
