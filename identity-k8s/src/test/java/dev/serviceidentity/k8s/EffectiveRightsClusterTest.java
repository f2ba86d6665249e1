// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.k8s.rights.Access;
import dev.serviceidentity.k8s.rights.Door;
import dev.serviceidentity.k8s.rights.EffectiveRights;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A view that watches no more than a service needs is asked who may call it. */
class EffectiveRightsClusterTest {
  private RealCluster own;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    own = RealCluster.open();
    own.pod("web", Map.of("app", "web"), "web", own.address(2));
    own.pod("idle", Map.of("app", "idle"), "idle", own.address(3));
    own.pod("orders", Map.of("app", "orders"), "orders", own.address(1));
    own.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: for-web}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress:
          - from:
            - podSelector: {matchLabels: {app: web}}
        """);
    network = own.viewBy("orders").open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, own);
  }

  private Access accessOf(String account) {
    Door door =
        Door.of(
            network.self().orElseThrow(),
            PortNumber.parse("8080"),
            AllowedCallers.serviceAccounts(own.namespace() + "/idle"));
    return EffectiveRights.of(network, Clock.systemUTC())
        .callerAt(new ServiceAccountName(own.namespace(), account), door)
        .access();
  }

  @Test
  void showsWhomThePoliciesAdmitAndThatThereMayBeOthers() throws Exception {
    eventually("web being seen", () -> accessOf("web"), Access.NETWORK_ONLY::equals);

    assertThat(EffectiveRights.of(network, Clock.systemUTC()).unseen())
        .anyMatch(who -> who.contains("this view does not watch"));
  }

  @Test
  void whoeverIsAskedForByNameIsLookedFor() throws Exception {
    Access found =
        eventually("idle being found", () -> accessOf("idle"), Access.IDENTITY_ONLY::equals);

    assertThat(found.differs()).isTrue();
  }
}
