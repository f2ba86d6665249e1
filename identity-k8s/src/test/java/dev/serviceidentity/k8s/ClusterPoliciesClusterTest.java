// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Cluster-wide policies are of kinds that somebody installs, perhaps while we watch. They are for
 * all who use the cluster, so that nobody else may ask it meanwhile.
 */
@Isolated
class ClusterPoliciesClusterTest {
  private static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: clusternetworkpolicies.policy.networking.k8s.io
        annotations: {api-approved.kubernetes.io: unapproved}
      spec:
        group: policy.networking.k8s.io
        scope: Cluster
        names: {plural: clusternetworkpolicies, singular: clusternetworkpolicy,
                kind: ClusterNetworkPolicy, listKind: ClusterNetworkPolicyList}
        versions:
        - name: v1alpha2
          served: true
          storage: true
          schema:
            openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """;
  private static final String DENY =
      """
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: %1$s}
      spec:
        tier: Admin
        priority: 5
        subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}
        ingress: [{name: none, action: Deny, from: [{namespaces: {}}]}]
      """;

  private RealCluster cluster;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    cluster.pod("web", Map.of("app", "web"), "web", cluster.address(1));
    cluster.pod("orders", Map.of("app", "orders"), "orders", cluster.address(2));
    network =
        KubernetesNetwork.using(cluster.client())
            .wholeCluster()
            .openTimeout(RealCluster.PATIENCE)
            .open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, cluster == null ? null : this::uninstall, cluster);
  }

  private void becomes(Verdict verdict) throws Exception {
    String namespace = cluster.namespace();
    Flow flow = TestCluster.flow(namespace + "/web", namespace + "/orders", "8080", Side.INGRESS);
    eventually(verdict.toString(), () -> network.check(flow).verdict(), each -> each == verdict);
  }

  private void apply(String policy) throws Exception {
    eventually(
        "the kind is served",
        () -> {
          try {
            cluster.apply(policy);
            return true;
          } catch (KubernetesClientException notYet) {
            return false;
          }
        },
        each -> each);
  }

  @Test
  void aKindThatIsInstalledLaterIsFound() throws Exception {
    assertThat(network.stamp().version())
        .contains("clusternetworkpolicies.policy.networking.k8s.io@none");
    becomes(Verdict.ALLOWED);
    cluster.apply(CRD);
    apply(DENY.formatted(cluster.namespace()));
    becomes(Verdict.DENIED);
    apply(DENY.formatted(cluster.namespace()).replace("tier: Admin", "tier: Unheard"));
    becomes(Verdict.UNDECIDABLE);
    eventually(
        "it is named",
        network::health,
        each ->
            each.status() == Status.DEGRADED
                && each.detail().contains("ClusterNetworkPolicy " + cluster.namespace())
                && each.detail().contains("must be Admin or Baseline"));
    assertThat(network.loadReport().render()).contains("spec.tier");
    apply(
        DENY.formatted(cluster.namespace()).replace("{namespaces: {}}", "{networks: [no-block]}"));
    becomes(Verdict.DENIED);
    eventually(
        "the rule is named",
        network::loadReport,
        each -> each.render().contains("spec.ingress[0].from[0].networks"));
    uninstall();
    becomes(Verdict.ALLOWED);
  }

  @Test
  void withoutTheRightToSeeThemNothingIsDecidedOnceTheyAreInstalled() throws Exception {
    String token = cluster.token("limited");
    cluster.grant("limited", List.of("pods", "namespaces", "networkpolicies", "nodes"));
    network.close();
    try (KubernetesClient client = RealCluster.clientWith(() -> token)) {
      network =
          KubernetesNetwork.using(client).wholeCluster().openTimeout(RealCluster.PATIENCE).open();
      becomes(Verdict.ALLOWED);
      cluster.apply(CRD);
      eventually(
          "it is named",
          network::health,
          each -> each.detail().contains("may not list and watch clusternetworkpolicies.policy"));
      becomes(Verdict.UNDECIDABLE);
      uninstall();
      becomes(Verdict.ALLOWED);
    }
  }

  private void uninstall() throws Exception {
    var kind =
        cluster
            .client()
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("clusternetworkpolicies.policy.networking.k8s.io");
    kind.delete();
    eventually("the kind is gone", kind::get, Objects::isNull);
  }
}
