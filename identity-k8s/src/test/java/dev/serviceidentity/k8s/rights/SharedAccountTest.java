// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.k8s.question.PortNumber;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** Credentials name service accounts, and policies select pods. */
class SharedAccountTest {
  private static final String ONLY_STABLE =
      "{podSelector: {matchLabels: {app: x}}, ingress: [{from: [{podSelector: {matchLabels: {track:"
          + " stable}}}]}]}";

  private static CallerRight rightOf(String account, String... documents) {
    try (KubernetesNetwork network =
        KubernetesNetwork.fromManifests(TestCluster.of(documents).manifests())
            .ownPod("a", "x-0")
            .binding(WorkloadBinding.builder().trustDomain("a.example").build())
            .open()) {
      Door door =
          Door.of(
              network.self().orElseThrow(),
              PortNumber.parse("443"),
              AllowedCallers.serviceAccounts(account));
      return EffectiveRights.of(network, Clock.systemUTC())
          .callerAt(ServiceAccountName.parse(account), door);
    }
  }

  @Test
  void podsOfOneAccountThatThePoliciesTellApartHaveNoOneAnswer() {
    CallerRight right =
        rightOf(
            "a/default",
            TestCluster.namespace("a", ""),
            TestCluster.pod("a/x-0", "app: x", "10.0.0.1"),
            TestCluster.pod("a/web", "track: stable", "10.0.0.2"),
            TestCluster.pod("a/canary", "track: canary", "10.0.0.3"),
            TestCluster.policy("a/p", ONLY_STABLE));

    assertThat(right.access()).isEqualTo(Access.UNDECIDABLE);
    assertThat(right.byNetwork().why().get().summary())
        .contains("no one answer", "ALLOWED for a/web", "DENIED for a/canary");
  }

  @Test
  void thatAPodReachesItselfSaysNothingAboutItsReplicas() {
    CallerRight right =
        rightOf(
            "a/default",
            TestCluster.namespace("a", ""),
            TestCluster.pod("a/x-0", "app: x", "10.0.0.1"),
            TestCluster.pod("a/x-1", "app: x", "10.0.0.2"),
            TestCluster.policy("a/p", ONLY_STABLE));

    assertThat(right.access()).isEqualTo(Access.IDENTITY_ONLY);
  }

  @Test
  void aTemplateStandsForThePodsThatWillBeMade() {
    CallerRight right =
        rightOf(
            "a/job",
            TestCluster.namespace("a", ""),
            TestCluster.pod("a/x-0", "app: x", "10.0.0.1"),
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: nightly, namespace: a}
            spec:
              selector: {matchLabels: {track: stable}}
              template:
                metadata: {labels: {track: stable}}
                spec: {serviceAccountName: job, containers: [{name: c, image: i}]}
            """,
            TestCluster.policy("a/p", ONLY_STABLE));

    assertThat(right.access()).isEqualTo(Access.BOTH);
  }
}
