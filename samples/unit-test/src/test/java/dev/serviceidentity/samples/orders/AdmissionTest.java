// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.orders;

import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestIdentity;
import dev.serviceidentity.testkit.cluster.FakeCluster;
import dev.serviceidentity.testkit.cluster.FakePod;
import dev.serviceidentity.testkit.junit.Cluster;
import dev.serviceidentity.testkit.junit.Identity;
import dev.serviceidentity.testkit.junit.ServiceIdentityTest;
import org.junit.jupiter.api.Test;

/** All layers: identity, rule, binding to the pod, policies. */
@ServiceIdentityTest
class AdmissionTest {
  @Test
  void aStolenCredentialIsOfNoUseInAnotherPod(
      @Identity("spiffe://shop.example/ns/shop/sa/orders") FakeMechanism own,
      @Identity("spiffe://shop.example/ns/shop/sa/web") TestIdentity web,
      @Cluster(value = "k8s", ownPod = "shop/orders") FakeCluster cluster) {
    cluster
        .pod(FakePod.of("shop/orders", "app=orders").serviceAccount("orders"))
        .pod(FakePod.of("shop/web", "app=web").serviceAccount("web"))
        .pod(FakePod.of("shop/thief", "app=web").serviceAccount("thief"))
        .binding(WorkloadBinding.builder().trustDomain("shop.example").build());
    try (var identity = Orders.identity().mechanism(own).network(cluster).open()) {
      assertThat(identity.admit(web.from(cluster.addressOf("shop/web")).evidence())).isAdmitted();
      assertThat(identity.admit(web.from(cluster.addressOf("shop/thief")).evidence()))
          .isRefusedFor(RefusalReason.WRONG_WORKLOAD)
          .atLayer(Layer.BINDING)
          .explaining("shop/thief");
    }
  }
}
