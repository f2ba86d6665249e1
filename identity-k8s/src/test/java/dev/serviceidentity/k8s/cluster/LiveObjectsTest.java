// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class LiveObjectsTest {
  private static final String POD =
      TestCluster.podWithSpec(
          "shop/web",
          "app: web",
          "serviceAccountName: web, nodeName: n1, containers: [{name: m, ports: [{name: http,"
              + " containerPort: 8080}]}]",
          "10.0.0.1",
          "fd00::1");
  private static final String POLICY =
      TestCluster.policy(
          "shop/p",
          "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels:"
              + " {role: x}}}, {ipBlock: {cidr: 10.1.0.0/16, except: [10.1.2.0/24]}}], ports:"
              + " [{port: http}]}]}");
  private static final String CLUSTER_POLICY =
      """
      {apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy,
       metadata: {name: c}, spec: {tier: Admin, priority: 3,
       subject: {namespaces: {matchLabels: {env: prod}}},
       ingress: [{name: r, action: Deny, from: [{namespaces: {}}]}]}}""";

  private final LiveObjects objects = new LiveObjects(Loopback.IGNORED);

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(String yaml) {
    return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  @Test
  void aLivePodIsWhatItsManifestIs() {
    assertThat(objects.pod(json(POD)).facts()).isEqualTo(TestCluster.of(POD).facts().pods().get(0));
  }

  @Test
  void aLivePolicyIsWhatItsManifestIs() {
    assertThat(objects.policy(json(POLICY)).facts())
        .isEqualTo(TestCluster.of(POLICY).facts().policies().ofNamespaces().get(0));
  }

  @Test
  void aLiveClusterPolicyIsWhatItsManifestIs() {
    LiveObject<?> live =
        objects.clusterPolicy(LiveKind.CLUSTER_NETWORK_POLICY, json(CLUSTER_POLICY));
    assertThat(live.facts())
        .isEqualTo(TestCluster.of(CLUSTER_POLICY).facts().policies().ofCluster().get(0));
    assertThat(live.doubts()).isEqualTo(LiveObject.Doubts.NONE);
  }

  @Test
  void aLiveNodeIsWhatItsManifestIs() {
    String node = TestCluster.node("n1", "10.9.0.1", "fd00::9");
    assertThat(objects.node(json(node)).facts())
        .isEqualTo(TestCluster.of(node).facts().nodes().get(0));
  }

  @Test
  void aLiveNamespaceHasNoLabelThatTheClusterDoesNotShow() {
    LiveObject<?> live = objects.namespace(json(TestCluster.namespace("shop", "env: prod")));
    assertThat(live.facts())
        .hasFieldOrPropertyWithValue("labels", Map.of("env", "prod"))
        .hasFieldOrPropertyWithValue("name", "shop");
  }

  @Test
  void aPolicyThatIsMalformedIsClosedAndNamedWithItsVersion() {
    Map<String, Object> broken =
        json(
            """
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,
             metadata: {namespace: shop, name: p, resourceVersion: "17"},
             spec: {podSelector: {}, newerField: 1}}""");
    LiveObject<?> live = objects.policy(broken);
    assertThat(live.facts()).isNotNull();
    assertThat(live.doubts().findings())
        .singleElement()
        .asString()
        .contains("NetworkPolicy shop/p", "newerField", "(resource version 17): error");
  }

  @Test
  void aPolicyOfTheWrongTypeMakesItsNamespaceUndecidable() {
    Map<String, Object> broken =
        json("{kind: NetworkPolicy, metadata: {namespace: shop, name: p}, spec: [1]}");
    assertThat(objects.policy(broken).doubts().policies())
        .containsExactly(new UnreadPolicy("NetworkPolicy shop/p in the cluster", "shop"));
  }

  @Test
  void aClusterPolicyThatCannotBeReadMayTouchAnyPod() {
    Map<String, Object> broken = json("{metadata: {name: c}, spec: {tier: Later}}");
    LiveObject<?> live = objects.clusterPolicy(LiveKind.CLUSTER_NETWORK_POLICY, broken);
    assertThat(live.facts()).isNull();
    assertThat(live.doubts().policies())
        .containsExactly(new UnreadPolicy("ClusterNetworkPolicy c in the cluster", null));
    assertThat(live.doubts().findings()).isNotEmpty();
  }

  @Test
  void aPodWhoseAddressCannotBeReadMayOwnAny() {
    LiveObject<?> live = objects.pod(json(TestCluster.pod("shop/web", "app: web", "nonsense")));
    assertThat(live.facts()).isNull();
    assertThat(live.doubts().owners())
        .containsExactly(new UnknownOwner("Pod shop/web in the cluster", null));
  }

  @Test
  void aPodOfWhichOnlyThePortsCannotBeReadKeepsItsAddress() {
    LiveObject<?> live =
        objects.pod(
            json(
                TestCluster.podWithSpec(
                    "shop/web",
                    "app: web",
                    "containers: [{name: m, ports: [{containerPort: 99999}]}]",
                    "10.0.0.1")));
    assertThat(live.doubts().owners())
        .singleElement()
        .extracting(UnknownOwner::placement)
        .extracting(Placement::addresses, InstanceOfAssertFactories.LIST)
        .hasSize(1);
  }
}
