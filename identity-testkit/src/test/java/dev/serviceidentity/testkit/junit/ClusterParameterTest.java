// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import static dev.serviceidentity.testkit.cluster.PolicyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.serviceidentity.testkit.cluster.FakeCluster;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

@ServiceIdentityTest
class ClusterParameterTest {
  private static final String SHOP = "src/test/manifests/shop.yaml";

  @Test
  void aClusterHoldsItsManifestsFromTheBeginning(@Cluster(SHOP) FakeCluster cluster) {
    assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080).isAllowed();
    assertThat(cluster).from("external").to("shop/orders").onPort(8080).isDenied();
  }

  @Test
  void aClusterKnowsTheOwnPodThatIsNamed(
      @Cluster(value = SHOP, ownPod = "shop/orders") FakeCluster cluster) {
    assertThat(cluster.self()).isPresent();
  }

  @Test
  void aClusterWithoutManifestsIsEmpty(@Cluster FakeCluster cluster) {
    assertThat(cluster.self()).isEmpty();
    assertThat(cluster.loadReport().findings()).isEmpty();
    assertThatThrownBy(() -> cluster.addressOf("shop/web")).hasMessageContaining("shop/web");
  }

  @Test
  void manifestsThatAreNotThereFailTheTest() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(Guests.Lost.class))
        .execute()
        .testEvents()
        .failed()
        .assertThatEvents()
        .singleElement()
        .asString()
        .contains("src/test/manifests/nowhere");
  }
}
