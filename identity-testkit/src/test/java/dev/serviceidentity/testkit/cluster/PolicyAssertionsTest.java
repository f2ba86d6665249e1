// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import static dev.serviceidentity.testkit.cluster.PolicyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyAssertionsTest {
  private static final String FROM_WEB =
      "{podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{podSelector: {matchLabels:"
          + " {app: web}}}], ports: [{port: 8080}, {port: 53, protocol: UDP}]}]}";

  private final FakeCluster cluster =
      FakeCluster.create()
          .namespace("shop")
          .pod("shop/web", "app=web")
          .pod("shop/batch", "app=batch")
          .pod("shop/orders", "app=orders")
          .policy("shop/orders", FROM_WEB);

  @Test
  void aNewcomerTestsARefusalWithItsExplanationInEightLines() {
    FakeCluster shop = FakeCluster.create().namespace("shop");
    shop.pod("shop/batch", "app=batch").pod("shop/orders", "app=orders");
    shop.policy("shop/orders", FROM_WEB);

    assertThat(shop)
        .from("shop/batch")
        .to("shop/orders")
        .onPort(8080)
        .isDenied()
        .nearestMiss("the caller has `app=batch`");
  }

  @Test
  void aFailureIsToldByTheExplanationOfTheEngine() {
    assertThatThrownBy(
            () -> assertThat(cluster).from("shop/batch").to("shop/orders").onPort(8080).isAllowed())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("shop/batch → shop/orders:8080/TCP: expected ALLOWED, is DENIED")
        .hasMessageContaining("the caller has `app=batch`");
  }

  @Test
  void eachVerdictIsToldFromTheOthers() {
    var allowed = assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080);
    allowed.isAllowed();

    assertThatThrownBy(allowed::isDenied).isInstanceOf(AssertionError.class);
    assertThatThrownBy(allowed::isUndecidable).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> allowed.nearestMiss("")).isInstanceOf(AssertionError.class);
  }

  @Test
  void anotherNearestMissFailsWithTheExplanation() {
    var denied = assertThat(cluster).from("shop/batch").to("shop/orders").onPort(8080).isDenied();

    assertThatThrownBy(() -> denied.nearestMiss("app=batch", "app=nobody"))
        .hasMessageContaining("the nearest miss is not 'app=nobody'")
        .hasMessageContaining("the caller has `app=batch`");
  }

  @Test
  void theRulesThatDecidedCanBeAsserted() {
    var allowed = assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080);
    allowed.isDecidedBy("shop/orders ingress[0].from[0]");

    assertThatThrownBy(() -> allowed.isDecidedBy("shop/orders ingress[1]"))
        .hasMessageContaining("is allowed");
  }

  @Test
  void portsAreOfAProtocol() {
    var ends = assertThat(cluster).from("shop/web").to("shop/orders");

    ends.onPort(53, Protocol.UDP).isAllowed();
    ends.onPort(53).isDenied();
  }

  @Test
  void thePoliciesOfBothEndsAreAskedUnlessSaidOtherwise() {
    cluster.policy(
        "shop/no-egress", "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}");
    var ends = assertThat(cluster).from("shop/web").to("shop/orders");

    ends.onPort(8080).isDenied();
    ends.onSide(Side.EGRESS).onPort(8080).isDenied();
    ends.onSide(Side.INGRESS)
        .onPort(8080)
        .isAllowed()
        .explanation()
        .contains("egress: not checked");
  }

  @Test
  void anEndThatIsNobodyIsAMistakeOfTheTest() {
    assertThatThrownBy(() -> assertThat(cluster).from("shop/wbe").to("shop/web").onPort(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shop/wbe")
        .hasMessageContaining("shop/web");
  }

  @Test
  void aMatrixTellsAllMismatchesAtOnce() {
    assertThatThrownBy(
            () ->
                assertThat(cluster)
                    .hasMatrix(
                        """
                        8080        shop/orders  shop/web
                        shop/web    denied       -
                        shop/batch  allowed      Allowed
                        external    denied       undecidable
                        """))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("3 of 5 flows are not as expected")
        .hasMessageContaining("shop/web → shop/orders:8080/TCP: expected DENIED, is ALLOWED")
        .hasMessageContaining("shop/batch → shop/orders:8080/TCP: expected ALLOWED, is DENIED")
        .hasMessageContaining("external → shop/web:8080/TCP: expected UNDECIDABLE, is ALLOWED")
        .hasMessageContaining("the caller has `app=batch`");
  }

  @Test
  void aMatrixIsOfAnyProtocolAndSide() {
    assertThat(cluster)
        .hasMatrix(
            """
            53/UDP      shop/orders
            shop/batch  allowed
            """,
            Side.EGRESS);
  }

  @Test
  void aTableThatIsNoMatrixIsAMistakeOfTheTest() {
    assertThatThrownBy(() -> assertThat(cluster).hasMatrix("8080 shop/web"))
        .hasMessageContaining("first line");
    assertThatThrownBy(() -> assertThat(cluster).hasMatrix("8080 shop/web\nshop/batch yes"))
        .hasMessageContaining("'yes' is no verdict");
    assertThatThrownBy(() -> assertThat(cluster).hasMatrix("8080 shop/web\nshop/batch"))
        .hasMessageContaining("has 1 words and needs 2");
    assertThatThrownBy(() -> assertThat(cluster).hasMatrix("x shop/web\nshop/batch -"))
        .hasMessageContaining("'x' is no port");
    assertThatThrownBy(() -> assertThat(cluster).hasMatrix("8080 shop/web\nshop/batch -"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("asks nothing");
  }

  @Test
  void aNetworkOfManifestsIsAskedForItsFlows(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("all.yaml"),
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: orders},
             spec: {template: {metadata: {labels: {app: orders}}}}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web, labels: {app: web}}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop,
             name: orders}, spec: %s}
            """
                .formatted(FROM_WEB));
    try (KubernetesNetwork network = KubernetesNetwork.fromManifests(file).open()) {
      assertThat(network).from("shop/web").to("shop/orders").onPort(8080).isAllowed();
      assertThat(network).from("shop/web").to("shop/orders").onPort(8081).isDenied();
      assertThatThrownBy(() -> assertThat(network).from("external").to("shop/orders").onPort(8080))
          .hasMessageContaining("FakeCluster");
    }
  }

  @Test
  void theAssertionsOfAssertjStandBesideThese() {
    assertThat(cluster.health().name()).isEqualTo("kubernetes");
  }
}
