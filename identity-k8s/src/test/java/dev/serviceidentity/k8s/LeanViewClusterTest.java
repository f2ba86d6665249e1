// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A view that watches no more than a service needs learns of callers as they call. */
class LeanViewClusterTest {
  private RealCluster own;
  private RealCluster others;
  private String web;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    own = RealCluster.open();
    others = RealCluster.open();
    web = others.address(1);
    others.pod("web", Map.of("app", "web"), "web", web);
    others.pod("idle", Map.of("app", "idle"), "idle", others.address(2));
    own.pod("orders", Map.of("app", "orders"), "orders", own.address(1));
    own.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: for-web}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress:
          - from:
            - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
              podSelector: {matchLabels: {app: web}}
        """
            .formatted(others.namespace()));
    network = own.viewBy("orders").open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, own, others);
  }

  private Caller callerFrom(String domain, String account) {
    return RealCluster.callerOf(
        "spiffe://" + domain + "/ns/" + others.namespace() + "/sa/" + account);
  }

  private static SourceAddress source(String address) throws Exception {
    return SourceAddress.ofSocket(InetAddress.getByName(address));
  }

  private Resolution lookUp(Caller caller, String address) throws Exception {
    return network.lookUp(caller, source(address)).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private Verdict verdict(String pod, Side side) {
    return network
        .check(
            TestCluster.flow(
                others.namespace() + "/" + pod, own.namespace() + "/orders", "8080", side))
        .verdict();
  }

  @Test
  void aCallerIsFoundByWhatItsIdentitySays() throws Exception {
    Caller caller = callerFrom("shop.example", "idle");
    String idle = others.address(2);
    assertThat(network.resolve(caller, source(idle))).isInstanceOf(Resolution.Unknown.class);
    assertThat(lookUp(caller, idle)).isInstanceOf(Resolution.One.class);
    assertThat(network.resolve(caller, source(idle))).isInstanceOf(Resolution.One.class);
  }

  @Test
  void aCallerIsFollowedFromThenAlsoWhereNoRuleWouldAdmitItAnyMore() throws Exception {
    Caller caller = callerFrom("shop.example", "web");
    assertThat(lookUp(caller, web)).isInstanceOf(Resolution.One.class);
    assertThat(network.resolve(caller, source(web))).isInstanceOf(Resolution.One.class);
    assertThat(verdict("web", Side.INGRESS)).isEqualTo(Verdict.ALLOWED);
    others.label("web", "app", "other");
    eventually("denied", () -> verdict("web", Side.INGRESS), each -> each == Verdict.DENIED);
    others.deletePod("web");
    eventually(
        "it is not known any more",
        () -> network.resolve(caller, source(web)),
        each -> each instanceof Resolution.Unknown);
  }

  @Test
  void aCallerWhoseNameStandsForNoWorkloadIsFoundByItsAddress() throws Exception {
    assertThat(lookUp(callerFrom("foreign.example", "web"), web))
        .isInstanceOfSatisfying(
            Resolution.One.class,
            one -> assertThat(one.workload().serviceAccount().name()).isEqualTo("web"));
  }

  @Test
  void aCallerFromThePodOfAnotherIsFoundAsThatPod() throws Exception {
    assertThat(lookUp(callerFrom("shop.example", "idle"), web))
        .isInstanceOfSatisfying(
            Resolution.One.class,
            one -> assertThat(one.workload().serviceAccount().name()).isEqualTo("web"));
  }

  @Test
  void anAddressThatNobodyHasStaysUnknown() throws Exception {
    assertThat(lookUp(callerFrom("shop.example", "web"), others.address(99)))
        .isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void noMorePodsAreSeenThanThoseOfTheCallers() throws Exception {
    lookUp(callerFrom("shop.example", "web"), web);
    assertThat(((ClusterView) network.view()).engine().facts().pods())
        .extracting(pod -> pod.pod().name())
        .containsExactlyInAnyOrder("orders", "web");
    assertThat(verdict("idle", Side.INGRESS)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void whatTheCallersOwnPoliciesSayIsNotDecided() throws Exception {
    lookUp(callerFrom("shop.example", "web"), web);
    assertThat(verdict("web", Side.EGRESS)).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(verdict("web", Side.BOTH)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void aPodThatIsInTwoPartsOfTheViewGoesWithTheLastOne() throws Exception {
    own.pod("orders-2", Map.of("app", "orders"), "orders", own.address(2));
    lookUp(own.caller("orders"), own.address(2));
    assertThat(network.self()).isPresent();
    own.deletePod("orders");
    eventually("it is gone", network::self, each -> each.isEmpty());
  }

  @Test
  void thePodThatIsBeingDeletedIsNotTakenForTheOnlyOneAtItsAddress() throws Exception {
    Caller caller = callerFrom("shop.example", "web");
    assertThat(lookUp(caller, web)).isInstanceOf(Resolution.One.class);
    others.deleteLater("web");
    try {
      eventually(
          "it is not certain any more",
          () -> network.resolve(caller, source(web)),
          each -> each instanceof Resolution.Unknown);
      assertThat(lookUp(caller, web)).isInstanceOf(Resolution.One.class);
      others.pod("thief", Map.of("app", "thief"), "thief", web);
      eventually("the other one is known", () -> lookUp(caller, web), LeanViewClusterTest::isThief);
      assertThat(isThief(network.resolve(caller, source(web)))).isTrue();
    } finally {
      others.finish("web");
    }
  }

  private static boolean isThief(Resolution found) {
    return found instanceof Resolution.One one
        && one.workload().serviceAccount().name().equals("thief");
  }

  @Test
  void anOwnPodThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> KubernetesNetwork.using(own.client()).ownPod(own.namespace(), "ordres").open())
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("/ordres` is not in the cluster");
  }
}
