// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.end;
import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.podWithSpec;
import static dev.serviceidentity.k8s.TestCluster.podWithStatus;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("While a pod has no address yet, it may have any that nobody has (statement 27)")
class UnplacedPodTest {
  private static final Flow FLOW =
      new Flow(end("10.9.9.9"), end("shop/db"), 80, Protocol.TCP, Side.INGRESS);
  private static final String NEW = pod("shop/new", "");

  private static ClusterFacts facts(String... more) {
    return TestCluster.of(
            namespace("shop", ""),
            policy(
                "shop/open",
                "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"),
            podWithSpec("shop/db", "app: db", "nodeName: n1", "10.1.0.1"),
            String.join("\n---\n", more))
        .facts();
  }

  private static PolicyEngine engine(String... more) {
    return PolicyEngine.compile(facts(more), Assumptions.DEFAULT);
  }

  private static PodFacts last(String pod) {
    ClusterFacts facts = facts(pod);
    return facts.pods().get(facts.pods().size() - 1);
  }

  @Test
  void whetherItWasThereAtFirstOrCame() {
    assertThat(engine().verdict(FLOW)).isEqualTo(Verdict.ALLOWED);
    assertThat(engine(NEW).verdict(FLOW)).isEqualTo(Verdict.UNDECIDABLE);

    assertThat(engine().with(last(NEW)).verdict(FLOW)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void andTheExplanationNamesIt() {
    PolicyEngine came = engine().with(last(NEW));

    assertThat(came.explain(FLOW)).isEqualTo(engine(NEW).explain(FLOW));
    assertThat(came.explain(FLOW).render())
        .contains("the pod shop/new, whose address is not known, may own it");
    assertThat(came.ownerOf(IpAddress.parse("10.9.9.9")))
        .isEqualTo(engine(NEW).ownerOf(IpAddress.parse("10.9.9.9")));
  }

  @Test
  void untilItHasOne() {
    PolicyEngine placed = engine(NEW).with(last(pod("shop/new", "", "10.1.0.2")));

    assertThat(placed.verdict(FLOW)).isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void untilItHasGone() {
    assertThat(engine(NEW).withoutPod("shop", "new").verdict(FLOW)).isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void untilItHasEnded() {
    String ended = podWithStatus("shop/new", "", "containers: []", "phase: Failed");

    assertThat(engine(NEW).with(last(ended)).verdict(FLOW)).isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void butNotWhileOneIsLeftOfTwo() {
    PolicyEngine both = engine(NEW, pod("shop/newer", ""));

    assertThat(both.withoutPod("shop", "new").verdict(FLOW)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void aVantageFollows() {
    PolicyView view = PolicyView.of(engine());
    Vantage own = view.at(IpAddress.parse("10.1.0.1"));
    HeldPeer held = own.hold(Direction.INGRESS, IpAddress.parse("10.9.9.9"));
    byte[] caller = {10, 9, 9, 9};
    assertThat(own.judge(Direction.INGRESS, caller, Protocol.TCP, 80).verdict())
        .isEqualTo(Verdict.ALLOWED);

    view.update(engine -> engine.with(last(NEW)));

    assertThat(own.judge(Direction.INGRESS, caller, Protocol.TCP, 80).verdict())
        .isEqualTo(Verdict.UNDECIDABLE);
    assertThat(held.judge(Protocol.TCP, 80).verdict()).isEqualTo(Verdict.UNDECIDABLE);
  }

  /** A pod that starts tells its node's address before it has its own. */
  @Test
  void itsNodeIsNoOtherNode() {
    String starting =
        podWithStatus("shop/new", "", "nodeName: n1, containers: []", "hostIP: 172.16.0.7");

    var flow = new Flow(end("172.16.0.7"), end("shop/db"), 80, Protocol.TCP, Side.INGRESS);
    assertThat(engine(starting, TestCluster.node("n1", "172.16.0.7")).verdict(flow))
        .isEqualTo(Verdict.ALLOWED);
  }
}
