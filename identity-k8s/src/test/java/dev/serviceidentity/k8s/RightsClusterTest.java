// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a view does with the rights that it has, and says of those that it has not. */
@ResourceLock(value = RealCluster.WHOLE_VIEWS, mode = ResourceAccessMode.READ)
class RightsClusterTest {
  private static final List<String> ALL = List.of("pods", "namespaces", "networkpolicies", "nodes");

  private final AtomicReference<String> token = new AtomicReference<>();
  private RealCluster cluster;
  private KubernetesClient client;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    token.set(cluster.token("limited"));
    cluster.pod("web", Map.of("app", "web"), "web", cluster.address(1));
    cluster.pod("orders", Map.of("app", "orders"), "orders", cluster.address(2));
    client = RealCluster.clientWith(token::get);
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, client, cluster);
  }

  private void grant(List<String> resources) {
    cluster.grant("limited", resources);
  }

  private static List<String> allBut(String resource) {
    var others = new ArrayList<>(ALL);
    others.remove(resource);
    return others;
  }

  private void openView() {
    network =
        KubernetesNetwork.using(client).wholeCluster().openTimeout(RealCluster.PATIENCE).open();
  }

  private Verdict verdict() {
    Flow flow =
        TestCluster.flow(
            cluster.namespace() + "/web", cluster.namespace() + "/orders", "8080", Side.INGRESS);
    return network.check(flow).verdict();
  }

  private Resolution owner() {
    PrincipalId anybody = PrincipalId.parse("spiffe://shop.example/ns/a/sa/b");
    return network.view().resolve(anybody, IpAddress.parse(cluster.address(1)));
  }

  private void becomes(Verdict verdict) throws Exception {
    eventually(verdict.toString(), this::verdict, each -> each == verdict);
  }

  private void isNamed(String detail) throws Exception {
    eventually(
        detail,
        network::health,
        each -> each.status() == Status.DEGRADED && each.detail().contains(detail));
  }

  @Test
  void allRightsAreEnoughWithoutThoseForKindsThatAreNotInstalled() throws Exception {
    grant(ALL);
    eventuallyOpen();
    becomes(Verdict.ALLOWED);
    eventually("it is up", network::health, each -> each.status() == Status.UP);
  }

  /** A grant is in force a moment after it is made. */
  private void eventuallyOpen() throws Exception {
    openView();
    eventually("nothing is denied", network::health, each -> !each.detail().contains("may not"));
  }

  @Test
  void policiesThatMayNotBeSeenMakeDecisionsUndecidableUntilTheyMay() throws Exception {
    grant(allBut("networkpolicies"));
    openView();
    isNamed("this service may not list and watch networkpolicies.networking.k8s.io; grant it");
    assertThat(verdict()).isEqualTo(Verdict.UNDECIDABLE);
    eventually("the pod is seen", this::owner, each -> each instanceof Resolution.One);
    grant(ALL);
    becomes(Verdict.ALLOWED);
    eventually("it is up", network::health, each -> each.status() == Status.UP);
  }

  @Test
  void podsThatMayNotBeSeenAnyMoreOwnNoAddress() throws Exception {
    grant(ALL);
    eventuallyOpen();
    assertThat(owner()).isInstanceOf(Resolution.One.class);
    grant(allBut("pods"));
    isNamed("this service may not list and watch pods; grant it");
    assertThat(owner())
        .isInstanceOfSatisfying(
            Resolution.Unknown.class, unknown -> assertThat(unknown.why()).contains("pods"));
    assertThat(verdict()).isEqualTo(Verdict.UNDECIDABLE);
    grant(ALL);
    becomes(Verdict.ALLOWED);
  }

  @Test
  void nodesThatMayNotBeSeenMakeOnlyUnknownAddressesUndecidable() throws Exception {
    grant(allBut("nodes"));
    openView();
    isNamed("this service may not list and watch nodes; grant it");
    eventually("the pod is seen", this::owner, each -> each instanceof Resolution.One);
    becomes(Verdict.ALLOWED);
    isNamed("this service may not list and watch nodes; grant it");
  }

  /**
   * This server does not label namespaces by itself, and anybody might have labelled another so.
   */
  @Test
  void withoutTheRightToSeeNamespacesNoneIsTakenToHaveTheLabelOfItsName() throws Exception {
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: by-name}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress:
          - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}]
        """
            .formatted(cluster.namespace()));
    grant(allBut("namespaces"));
    openView();
    isNamed("this service may not list and watch namespaces; grant it");
    becomes(Verdict.UNDECIDABLE);
    grant(ALL);
    becomes(Verdict.ALLOWED);
  }

  @Test
  void aTokenThatIsNotAcceptedIsNamedUntilTheNextOneIs() throws Exception {
    grant(ALL);
    eventuallyOpen();
    String good = token.getAndSet("expired");
    isNamed("does not accept this service's own credentials (401)");
    assertThat(verdict()).isEqualTo(Verdict.ALLOWED);
    token.set(good);
    eventually("it is up", network::health, each -> each.status() == Status.UP);
  }
}
