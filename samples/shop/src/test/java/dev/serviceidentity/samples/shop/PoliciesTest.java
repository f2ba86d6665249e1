// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static dev.serviceidentity.testkit.cluster.PolicyAssertions.assertThat;

import dev.serviceidentity.testkit.cluster.FakeCluster;
import dev.serviceidentity.testkit.junit.Cluster;
import dev.serviceidentity.testkit.junit.ServiceIdentityTest;
import org.junit.jupiter.api.Test;

/** What the shop's manifests say by themselves, without a service that runs. */
@ServiceIdentityTest
class PoliciesTest {
  @Test
  void onlyTheseReachEachOther(@Cluster("k8s") FakeCluster cluster) {
    assertThat(cluster)
        .hasMatrix(
            """
            8443                shop/web-0  shop/orders-0  shop/batch-0  finance/payments-0
            shop/web-0          -           allowed        denied        denied
            shop/orders-0       denied      -              allowed       allowed
            shop/batch-0        denied      allowed        -             denied
            finance/payments-0  denied      denied         denied        -
            external            denied      denied         denied        denied
            """);
  }

  @Test
  void batchDoesNotReachPaymentsForItsLabel(@Cluster("k8s") FakeCluster cluster) {
    assertThat(cluster)
        .from("shop/batch-0")
        .to("finance/payments-0")
        .onPort(8443)
        .isDenied()
        .nearestMiss("payments-callers", "app=batch");
  }
}
