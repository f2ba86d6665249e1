// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import static dev.serviceidentity.testkit.cluster.PolicyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.network.Flow.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeClusterTest {
  private static final String FROM_WEB =
      """
      podSelector: {matchLabels: {app: orders}}
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: http}]}]
      """;

  private final FakeCluster cluster =
      FakeCluster.create()
          .namespace("shop", "team=a")
          .namespace("bank", "team=b")
          .pod("shop/web", "app=web")
          .pod("bank/web", "app=web")
          .pod(FakePod.of("shop/orders", "app=orders").port("http", 8080))
          .policy("shop/orders", FROM_WEB);

  @Test
  void policiesAreDecidedByTheRealEngine() {
    assertThat(cluster)
        .hasMatrix(
            """
            8080      shop/orders  shop/web
            shop/web  allowed      -
            bank/web  denied       allowed
            external  denied       allowed
            """);
  }

  @Test
  void aChangeIsInForceAtOnce() {
    cluster.pod("shop/web", "app=other");
    assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080).isDenied();

    cluster.delete("NetworkPolicy", "shop/orders");
    assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080).isAllowed();

    cluster.policy("shop/closed", "podSelector: {}");
    assertThat(cluster).from("bank/web").to("shop/orders").onPort(8080).isDenied();
    assertThat(cluster.stamp().generation()).isGreaterThan(3);
  }

  @Test
  void podsGetAddressesOfTheirOwnAndKeepThem() {
    var before = cluster.addressOf("shop/web");
    cluster.pod("shop/web", "app=other");

    assertThat(cluster.addressOf("shop/web")).isEqualTo(before);
    assertThat(cluster.addressOf("bank/web")).isNotEqualTo(before);
  }

  @Test
  void anAddressThatSomebodyHasIsNotGivenToAnother() {
    var next =
        FakeCluster.create()
            .namespace("a")
            .apply(
                """
                {apiVersion: v1, kind: Pod, metadata: {namespace: a, name: x},
                 status: {podIP: 10.244.0.1}}
                """)
            .pod(FakePod.of("a/y").addresses("10.244.0.2"))
            .pod("a/z");

    assertThat(next.addressOf("a/z").getHostAddress()).isEqualTo("10.244.0.3");
  }

  @Test
  void anAddressThatANodeOfAManifestHasIsNotGivenToAnotherNode() {
    var next =
        FakeCluster.create()
            .namespace("a")
            .apply(
                """
                {apiVersion: v1, kind: Node, metadata: {name: one},
                 status: {addresses: [{type: InternalIP, address: 172.18.0.1}]}}
                """)
            .node("two")
            .pod(FakePod.of("a/y").node("two").hostNetwork());

    assertThat(next.addressOf("a/y").getHostAddress()).isEqualTo("172.18.0.2");
  }

  @Test
  void anAddressThatAPodBroughtAlongIsNotGivenToANode() {
    var next =
        FakeCluster.create()
            .namespace("a")
            .pod(FakePod.of("a/x").addresses("172.18.0.1"))
            .node("one")
            .pod(FakePod.of("a/y").node("one").hostNetwork());

    assertThat(next.addressOf("a/y").getHostAddress()).isEqualTo("172.18.0.2");
  }

  @Test
  void anIpv6AddressThatSomebodyHasIsNotGivenToADualStackPod() {
    var next =
        FakeCluster.create()
            .namespace("a")
            .pod(FakePod.of("a/x").addresses("fd00:10:244::1"))
            .pod(FakePod.of("a/y").dualStack());

    assertThat(next.addressOf("a/y").getHostAddress()).isEqualTo("10.244.0.2");
  }

  @Test
  void aPodThatComesAgainHasTheAddressThatItHad() {
    var before = cluster.addressOf("shop/web");
    cluster.delete("Pod", "shop/web").pod("shop/new").pod("shop/web");

    assertThat(cluster.addressOf("shop/web")).isEqualTo(before);
    assertThat(cluster.addressOf("shop/new")).isNotEqualTo(before);
  }

  @Test
  void aDualStackPodIsDecidedForBothOfItsAddresses() {
    cluster
        .pod(FakePod.of("shop/web", "app=web").dualStack())
        .pod(FakePod.of("shop/db", "app=db").dualStack())
        .policy(
            "shop/db",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr:"
                + " 10.244.0.0/16}}]}]}");

    assertThat(cluster)
        .from("shop/web")
        .to("shop/db")
        .onPort(5432)
        .isUndecidable()
        .explanation()
        .contains("fd00:10:244::1");
  }

  @Test
  void aPodOnTheHostNetworkIsItsNode() {
    cluster.node("node-1").pod(FakePod.of("shop/proxy", "app=web").node("node-1").hostNetwork());

    assertThat(cluster.addressOf("shop/proxy").getHostAddress()).startsWith("172.18.0.");
    assertThat(cluster)
        .from("shop/proxy")
        .to("shop/orders")
        .onSide(Side.INGRESS)
        .onPort(8080)
        .explanation()
        .contains("on the host network");
  }

  @Test
  void theAddressOfAPodThatHasEndedIsNobodys() {
    String address = cluster.addressOf("shop/web").getHostAddress();
    assertThat(cluster).from(address).to("shop/orders").onPort(8080).isAllowed();

    cluster.pod(FakePod.of("shop/web", "app=web").completed());
    assertThat(cluster).from(address).to("shop/orders").onPort(8080).isDenied();
  }

  @Test
  void aMissingRightMakesWhatItHidesUndecidableAndIsNamed() {
    cluster.forbid("list", "networkpolicies");
    assertThat(cluster)
        .from("shop/web")
        .to("shop/orders")
        .onPort(8080)
        .isUndecidable()
        .explanation()
        .contains("no right to list networkpolicies.networking.k8s.io");
    assertThat(cluster.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(cluster.health().detail()).contains("list networkpolicies");

    cluster.recover();
    assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080).isAllowed();
    assertThat(cluster.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void withoutTheRightToSeePodsAllButTheOwnAreUnknown() {
    cluster.ownPod("shop/orders").forbid("watch", "pods");

    assertThat(cluster.self()).isPresent();
    assertThat(cluster)
        .from("shop/web")
        .to("shop/orders")
        .onPort(8080)
        .isUndecidable()
        .explanation()
        .contains("no right to watch pods");
    assertThat(cluster)
        .from(cluster.addressOf("shop/web").getHostAddress())
        .to("shop/orders")
        .onPort(8080)
        .isUndecidable()
        .explanation()
        .contains("no right to watch pods");
  }

  @Test
  void withoutTheRightToSeeNamespacesTheirLabelsAreUnknown() {
    cluster.policy(
        "shop/orders",
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]}");
    assertThat(cluster).from("bank/web").to("shop/orders").onPort(1).isAllowed();

    cluster.forbid("list", "namespaces");
    assertThat(cluster)
        .from("bank/web")
        .to("shop/orders")
        .onPort(1)
        .isUndecidable()
        .explanation()
        .contains("no right to list namespaces");
  }

  @Test
  void aRightThatNoViewNeedsIsNoneToTake() {
    assertThatThrownBy(() -> cluster.forbid("list", "secrets")).hasMessageContaining("pods");
    assertThatThrownBy(() -> cluster.forbid("delete", "pods")).hasMessageContaining("lists");
  }

  @Test
  void nothingIsKnownOfAnUnknownCluster() {
    cluster.unknown("the API server did not answer");

    assertThat(cluster)
        .from("bank/web")
        .to("shop/web")
        .onPort(1)
        .isUndecidable()
        .explanation()
        .contains("the API server did not answer");
  }

  @Test
  void anAddressThatNobodyHasIsOutsideUnlessAssumedOtherwise() {
    assertThat(cluster).from("192.0.2.1").to("shop/orders").onPort(8080).isDenied();

    cluster
        .apply(
            """
            {apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: more},
             spec: {template: {metadata: {labels: {app: web}}}}}
            """)
        .assuming(new Assumptions(PodsInBlocks.MATCH, Unowned.UNDECIDABLE));
    assertThat(cluster).from("192.0.2.1").to("shop/orders").onPort(8080).isUndecidable();
    assertThat(cluster).from("shop/Deployment/more").to("shop/orders").onPort(8080).isAllowed();
  }

  @Test
  void aMalformedPolicyFailsTheTestWithTheLoadReportAndChangesNothing() {
    assertThatThrownBy(() -> cluster.policy("shop/typo", "{podSelectr: {}}"))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("policy shop/typo")
        .hasMessageContaining("NetworkPolicy shop/typo spec.podSelectr");
    assertThat(cluster).from("bank/web").to("shop/web").onPort(1).isAllowed();
  }

  @Test
  void aTextThatIsNoManifestFailsTheTest() {
    assertThatThrownBy(() -> cluster.apply("nothing")).isInstanceOf(IdentityException.class);
    assertThatThrownBy(() -> cluster.apply("# nothing")).hasMessageContaining("no object");
  }

  @Test
  void aMisspeltNameFailsTheTestWithTheNearestOne() {
    assertThatThrownBy(() -> cluster.pod("shpo/web"))
        .hasMessage("there is no Namespace shpo; add it with namespace(...); did you mean `shop`?");
    assertThatThrownBy(() -> cluster.delete("NetworkPolicy", "shop/order"))
        .hasMessageContaining("did you mean `shop/orders`?");
    assertThatThrownBy(() -> cluster.pod("web")).hasMessageContaining("namespace/name");
    assertThatThrownBy(() -> cluster.pod("shop/x", "app")).hasMessageContaining("key=value");
  }

  @Test
  void withANamespaceGoesAllThatIsInIt() {
    cluster.delete("Namespace", "bank");

    assertThatThrownBy(() -> cluster.addressOf("bank/web")).hasMessageContaining("bank/web");
  }

  @Test
  void manifestsAreReadFromFiles(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("deny.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {namespace: bank, name: deny}
        spec: {podSelector: {}}
        """);
    cluster.apply(directory);

    assertThat(cluster).from("shop/web").to("bank/web").onPort(1).isDenied();
  }

  @Test
  void aClosedClusterDecidesNothingAndChangesNoMore() {
    cluster.close();
    cluster.close();

    assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080).isUndecidable();
    assertThat(cluster.health().status()).isEqualTo(Health.Status.DOWN);
    assertThatThrownBy(() -> cluster.namespace("x")).isInstanceOf(IllegalStateException.class);
  }
}
