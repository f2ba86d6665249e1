// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.orders;

import static dev.serviceidentity.testkit.cluster.PolicyAssertions.assertThat;

import dev.serviceidentity.testkit.cluster.FakeCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The policies that are deployed with the service. */
class PoliciesTest {
  private final FakeCluster cluster =
      FakeCluster.create()
          .apply(Path.of("k8s"))
          .pod("shop/web", "app=web")
          .pod("shop/batch", "app=batch")
          .pod("shop/orders", "app=orders");

  @Test
  void batchDoesNotReachOrdersForItsLabel() {
    assertThat(cluster)
        .from("shop/batch")
        .to("shop/orders")
        .onPort(8080)
        .isDenied()
        .nearestMiss("app=batch");
  }

  @Test
  void nobodyElseReachesOrders() {
    assertThat(cluster)
        .hasMatrix(
            """
            8080        shop/orders  shop/web
            shop/web    allowed      -
            shop/batch  denied       allowed
            external    denied       allowed
            """);
  }
}
