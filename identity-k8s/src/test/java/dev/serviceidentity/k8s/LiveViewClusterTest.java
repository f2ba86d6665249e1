// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A whole-cluster view follows a real API server. */
@ResourceLock(value = RealCluster.WHOLE_VIEWS, mode = ResourceAccessMode.READ)
class LiveViewClusterTest {
  private static final PrincipalId ANYBODY = PrincipalId.parse("spiffe://shop.example/ns/a/sa/b");
  private static final String CLOSED =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: closed}
      spec: {podSelector: {matchLabels: {app: orders}}, policyTypes: [Ingress]}
      """;
  private static final String FOR_WEB =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: for-web}
      spec:
        podSelector: {matchLabels: {app: orders}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
      """;

  private RealCluster cluster;

  private String web;
  private String orders;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    web = cluster.address(1);
    orders = cluster.address(2);
    cluster.pod("web", Map.of("app", "web"), "web", web);
    cluster.pod("orders", Map.of("app", "orders"), "orders", orders);
    network =
        KubernetesNetwork.using(cluster.client())
            .wholeCluster()
            .openTimeout(RealCluster.PATIENCE)
            .open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, cluster);
  }

  private Flow flow() {
    String namespace = cluster.namespace();
    return TestCluster.flow(namespace + "/web", namespace + "/orders", "8080", Side.INGRESS);
  }

  private PolicyDecision decision() {
    return network.check(flow());
  }

  private void becomes(Verdict verdict) throws Exception {
    eventually(verdict + " by the network", this::decision, each -> each.verdict() == verdict);
  }

  private Resolution owner(String address) {
    return network.view().resolve(ANYBODY, IpAddress.parse(address));
  }

  private void becomesOwner(String address, String workload) throws Exception {
    eventually(
        workload + " owns " + address,
        () -> owner(address).toString(),
        each -> each.contains(workload));
  }

  @Test
  void whatIsThereAtTheStartIsSeenAtOnce() {
    assertThat(decision().verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(owner(web)).isInstanceOf(Resolution.One.class);
    assertThat(network.stamp().version()).contains("pods@", "clusternetworkpolicies");
  }

  @Test
  void policiesThatComeChangeAndGoDecide() throws Exception {
    cluster.apply(CLOSED);
    becomes(Verdict.DENIED);
    cluster.apply(FOR_WEB);
    becomes(Verdict.ALLOWED);
    cluster.apply(FOR_WEB.replace("app: web", "app: other"));
    becomes(Verdict.DENIED);
    cluster.client().network().v1().networkPolicies().inNamespace(cluster.namespace()).delete();
    becomes(Verdict.ALLOWED);
  }

  @Test
  void labelsOfPodsThatChangeDecide() throws Exception {
    cluster.apply(FOR_WEB);
    becomes(Verdict.ALLOWED);
    cluster.label("web", "app", "other");
    becomes(Verdict.DENIED);
  }

  @Test
  void labelsOfNamespacesThatChangeDecide() throws Exception {
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: by-namespace}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}]}]
        """);
    becomes(Verdict.DENIED);
    cluster
        .client()
        .namespaces()
        .withName(cluster.namespace())
        .edit(
            each ->
                new NamespaceBuilder(each)
                    .editMetadata()
                    .addToLabels("env", "prod")
                    .endMetadata()
                    .build());
    becomes(Verdict.ALLOWED);
  }

  @Test
  void anAddressBelongsToWhoeverHasItNow() throws Exception {
    cluster.status("web", "Succeeded", web);
    eventually("nobody owns it", () -> owner(web), each -> !(each instanceof Resolution.One));
    cluster.pod("later", Map.of(), "later", web);
    becomesOwner(web, "later");
    cluster.status("later", "Running", orders);
    eventually("both own it", () -> owner(orders), each -> each instanceof Resolution.Candidates);
    cluster.deletePod("later");
    eventually("one owns it", () -> owner(orders), each -> each instanceof Resolution.One);
  }

  @Test
  void aPodThatIsDeletedAndCreatedAgainRunsAsWhatItRunsNow() throws Exception {
    cluster.deletePod("web");
    cluster.pod("web", Map.of("app", "web"), "another", web);
    becomesOwner(web, cluster.namespace() + "/another");
  }

  @Test
  void healthAndStampOfAQuietClusterStayFresh() throws Exception {
    var first = network.stamp().provenAt();
    eventually("a later proof", () -> network.stamp().provenAt(), each -> each.isAfter(first));
    assertThat(network.health().detail()).contains("pods=", "namespaces=");
  }

  @Test
  void nothingIsDecidedAfterClosing() {
    network.close();
    assertThat(decision().verdict()).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(cluster.client().namespaces().withName(cluster.namespace()).get()).isNotNull();
  }
}
