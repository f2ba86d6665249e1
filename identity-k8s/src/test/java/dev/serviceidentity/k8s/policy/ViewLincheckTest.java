// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.ClusterFacts.Policies;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.Workload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Questions and updates at the same time are as if they had come one after the other. */
@Isolated("Its threads spin, and take minutes where others have the processors.")
public class ViewLincheckTest {
  /** Of each scenario; the profile {@code soak} has more of them. */
  private static final int INVOCATIONS = Integer.getInteger("identity.linearizability", 50);

  private static final IpAddress OWN = IpAddress.parse("10.0.0.1");
  private static final IpAddress PEER = IpAddress.parse("10.0.0.2");
  private static final byte[] PEER_BYTES = {10, 0, 0, 2};

  private final PolicyView view = PolicyView.of(engine());
  private final Vantage vantage = view.at(OWN);
  private final HeldPeer held = vantage.hold(Direction.INGRESS, PEER);

  private static PodFacts pod(String name, IpAddress address, String role) {
    return new PodFacts(
        new ServiceAccountName("shop", name),
        new Workload.Pod(name, name, "n1"),
        Map.of("role", role),
        new Placement(Lifecycle.ACTIVE, false, List.of(address), List.of()),
        List.of());
  }

  private static PolicyFacts policy(String admitted) {
    var role =
        new LabelSelector(
            List.of(
                new LabelSelector.Requirement(
                    "role", LabelSelector.Operator.IN, Set.of(admitted))));
    var rule = new Rule(List.of(new Peer.Pods(null, role)), List.of());
    return new PolicyFacts(
        "shop", "p", LabelSelector.EVERYTHING, Map.of(Direction.INGRESS, List.of(rule)));
  }

  private static PolicyEngine engine() {
    return PolicyEngine.compile(
        new ClusterFacts(
            List.of(),
            List.of(pod("own", OWN, "own"), pod("peer", PEER, "web")),
            List.of(),
            new Policies(List.of(policy("web")), List.of()),
            Gaps.NONE),
        Assumptions.DEFAULT);
  }

  @Operation
  public Verdict ask() {
    return vantage.judge(Direction.INGRESS, PEER_BYTES, Protocol.TCP, 80).verdict();
  }

  @Operation
  public Verdict askHeld() {
    return held.judge(Protocol.TCP, 80).verdict();
  }

  @Operation
  public void makeWeb() {
    view.update(engine -> engine.with(pod("peer", PEER, "web")));
  }

  @Operation
  public void makeBatch() {
    view.update(engine -> engine.with(pod("peer", PEER, "batch")));
  }

  @Operation
  public void admitBatch() {
    view.update(engine -> engine.with(policy("batch")));
  }

  @Operation
  public void removePeer() {
    view.update(engine -> engine.withoutPod("shop", "peer"));
  }

  @Test
  void isLinearizable() {
    new StressOptions()
        .iterations(8)
        .invocationsPerIteration(INVOCATIONS)
        .threads(3)
        .actorsPerThread(3)
        .check(ViewLincheckTest.class);
  }
}
