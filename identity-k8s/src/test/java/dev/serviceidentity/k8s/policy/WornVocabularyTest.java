// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.policy.LabelSelector.Operator;
import dev.serviceidentity.k8s.policy.LabelSelector.Requirement;
import dev.serviceidentity.network.Workload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is long gone is forgotten")
class WornVocabularyTest {
  private static final int CHANGES = 30_000;
  private static final int BOUND = 5_000;

  private static PodFacts pod(int number, List<IpAddress> addresses) {
    return new PodFacts(
        new ServiceAccountName("shop", "web"),
        new Workload.Pod("pod" + number, "", "n1"),
        Map.of("run", "value" + number),
        new PodFacts.Placement(PodFacts.Lifecycle.ACTIVE, false, addresses, List.of()),
        List.of());
  }

  /** The policy looks at the label, so that each of its values is a kind of pods. */
  private static PolicyEngine engine(List<PodFacts> pods, List<Peer> admitted) {
    var subject = new LabelSelector(List.of(new Requirement("run", Operator.EXISTS, Set.of())));
    var policy =
        new PolicyFacts(
            "shop",
            "p",
            subject,
            Map.of(Direction.INGRESS, List.of(new Rule(admitted, List.of()))));
    return PolicyEngine.compile(
        new ClusterFacts(
            List.of(),
            pods,
            List.of(),
            new ClusterFacts.Policies(List.of(policy), List.of()),
            ClusterFacts.Gaps.NONE),
        Assumptions.DEFAULT);
  }

  private static Vocabulary vocabulary(PolicyEngine engine) {
    return engine.index().addresses().ends().vocabulary();
  }

  private static List<IpAddress> address(int number) {
    return List.of(IpAddress.ofV4(0x0a00_0000L + number));
  }

  @Test
  void ofPodsThatComeAndGo() {
    PolicyEngine engine = engine(List.of(), List.of());
    for (int i = 0; i < CHANGES; i++) {
      engine = engine.with(pod(i, address(i))).withoutPod("shop", "pod" + i);
      assertThat(vocabulary(engine).size()).isLessThan(BOUND);
    }
  }

  /** They are no peers of anybody, but kinds of pods. */
  @Test
  void ofPodsThatEndAtOnce() {
    PolicyEngine engine = engine(List.of(), List.of());
    for (int i = 0; i < CHANGES; i++) {
      PodFacts pod = pod(i, List.of());
      var gone =
          new PodFacts(
              pod.runsAs(),
              pod.pod(),
              pod.labels(),
              new PodFacts.Placement(PodFacts.Lifecycle.ENDED, false, List.of(), List.of()),
              pod.ports());
      engine = engine.with(gone).withoutPod("shop", "pod" + i);
      assertThat(vocabulary(engine).size()).isLessThan(BOUND);
    }
  }

  @Test
  void butNotAtEachChangeWhereEvenTheLivingAreMany() {
    List<PodFacts> pods = IntStream.range(0, BOUND).mapToObj(i -> pod(i, address(i))).toList();
    List<Peer> blocks =
        IntStream.range(0, BOUND)
            .mapToObj(i -> (Peer) new Peer.Block(new Cidr(IpAddress.ofV4(2L * i), 32), List.of()))
            .toList();
    PolicyEngine engine = engine(pods, blocks);

    PolicyEngine changed = engine.with(pod(BOUND, address(BOUND)));

    assertThat(vocabulary(changed)).isSameAs(vocabulary(engine));
  }

  @Test
  void butNotAtEachChangeWhereABlockStandsBesideFewPods() {
    List<Peer> blocks =
        IntStream.range(0, BOUND)
            .mapToObj(i -> (Peer) new Peer.Block(new Cidr(IpAddress.ofV4(2L * i), 32), List.of()))
            .toList();
    PolicyEngine engine = engine(List.of(), blocks);

    PolicyEngine changed = engine.with(pod(0, address(0)));

    assertThat(vocabulary(changed)).isSameAs(vocabulary(engine));
  }
}
