// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pods that the rules in force could admit are seen before they call, if they are few. */
class AdmittedPodsClusterTest {
  private static final PrincipalId ANYBODY = PrincipalId.parse("spiffe://shop.example/somebody");

  private RealCluster own;
  private RealCluster others;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    own = RealCluster.open();
    others = RealCluster.open();
    own.pod("orders", Map.of("app", "orders"), "orders", own.address(1));
    others.pod("web", Map.of("app", "web"), "web", others.address(1));
    others.pod("idle", Map.of("app", "idle"), "idle", others.address(2));
    own.pod("batch", Map.of("app", "batch"), "batch", own.address(3));
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, own, others);
  }

  private void admit(String peer) {
    own.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: callers}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress: [{from: [%s]}]
        """
            .formatted(peer));
  }

  private void admitOthers(String labels) {
    admit(
        "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}, podSelector: {%s}}"
            .formatted(others.namespace(), labels));
  }

  private void openView() {
    network = own.viewBy("orders").open();
  }

  private boolean isSeen(String address) {
    return network.view().resolve(ANYBODY, IpAddress.parse(address)) instanceof Resolution.One;
  }

  private void eventuallySeen(String address) throws Exception {
    eventually(address + " is seen", () -> isSeen(address), each -> each);
  }

  private void eventuallySays(String detail) throws Exception {
    eventually(detail, network::health, each -> each.detail().contains(detail));
    assertThat(network.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void podsOfAnotherNamespaceAreSeenByTheirLabels() throws Exception {
    admitOthers("matchLabels: {app: web}");
    openView();
    eventuallySeen(others.address(1));
    assertThat(isSeen(others.address(2))).isFalse();
  }

  @Test
  void podsOfTheOwnNamespaceAreSeenByTheirLabels() throws Exception {
    admit("{podSelector: {matchExpressions: [{key: app, operator: In, values: [batch, x]}]}}");
    openView();
    eventuallySeen(own.address(3));
  }

  @Test
  void theyFollowTheRules() throws Exception {
    admitOthers("matchLabels: {app: web}");
    openView();
    eventuallySeen(others.address(1));
    admitOthers("matchLabels: {app: idle}");
    eventuallySeen(others.address(2));
    eventually("web is not seen any more", () -> isSeen(others.address(1)), each -> !each);
  }

  @Test
  void aRuleForEverybodyLetsNobodyBeSeenAhead() throws Exception {
    admit("{namespaceSelector: {}}, {podSelector: {matchLabels: {app: batch}}}");
    openView();
    eventuallySeen(own.address(3));
    assertThat(isSeen(others.address(1))).isFalse();
    eventuallySays("followed from their first call on only: whom " + own.namespace() + "/callers");
  }

  @Test
  void moreThanASmallViewMayHoldAreNotSeenAhead() throws Exception {
    for (int i = 0; i < 51; i++) {
      others.pod("many-" + i, Map.of("app", "many"), "many", others.address(100 + i));
    }
    admitOthers("matchLabels: {app: many}");
    openView();
    eventuallySays("(app=many)");
    assertThat(isSeen(others.address(100))).isFalse();
    assertThat(isSeen(others.address(150))).isFalse();
  }
}
