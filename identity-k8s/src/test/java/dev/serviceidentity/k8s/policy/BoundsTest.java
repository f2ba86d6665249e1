// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an engine remembers is bounded, however long it lives and whatever it is asked. */
class BoundsTest {
  private static final int PEERS = 40;
  private static final String POLICY =
      TestCluster.policy(
          "shop/p",
          "{podSelector: {matchLabels: {role: orders}}, ingress: [{from: [{podSelector:"
              + " {matchLabels: {colour: \"7\"}}}]}]}");

  private static String peer(int number) {
    return TestCluster.pod(
        "shop/peer" + number, "colour: \"" + number + "\"", "10.0.1." + (number + 1));
  }

  private static ClusterFacts facts() {
    var documents = IntStream.range(0, PEERS).mapToObj(BoundsTest::peer).toArray(String[]::new);
    return TestCluster.of(
            TestCluster.namespace("shop", "team: a"),
            TestCluster.pod("shop/orders", "role: orders", "10.0.0.1"),
            String.join("\n---\n", documents),
            POLICY)
        .facts();
  }

  private final ClusterFacts facts = facts();
  private final PolicyEngine engine = PolicyEngine.compile(facts, Assumptions.DEFAULT);

  private Line line(Table table, int peer) {
    IndexedPod orders = engine.index().pod("shop", "orders");
    Party caller = engine.index().pod("shop", "peer" + peer).parties().get(0);
    return table.line(Direction.INGRESS, orders, caller);
  }

  private static Verdict verdict(Line line) {
    return line.at(Line.place(Protocol.TCP, 80)).withExemption(Ternary.NO).verdict();
  }

  private Table tableOfAll(long mostCells) {
    var table = new Table(Rulebook.compile(facts, Assumptions.DEFAULT), mostCells);
    IntStream.range(0, PEERS).forEach(peer -> line(table, peer));
    return table;
  }

  @Test
  void aTableThatIsLargeEnoughKeepsWhatItFilled() {
    Table table = tableOfAll(1_000);

    assertThat(line(table, 0)).isSameAs(line(table, 0));
  }

  @Test
  void aTableForgetsOnceItHasGrownTooLarge() {
    var table = new Table(Rulebook.compile(facts, Assumptions.DEFAULT), 20);
    Line first = line(table, 0);
    IntStream.range(1, PEERS).forEach(peer -> line(table, peer));

    assertThat(line(table, 0)).isNotSameAs(first);
  }

  @Test
  void whatATableForgotItAnswersAsBefore() {
    Table small = tableOfAll(3);
    Table large = tableOfAll(1_000);

    for (int peer = 0; peer < PEERS; peer++) {
      assertThat(verdict(line(small, peer))).isEqualTo(verdict(line(large, peer)));
    }
    assertThat(verdict(line(small, 7))).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict(line(small, 8))).isEqualTo(Verdict.DENIED);
  }

  @Test
  void aBoundHoldsForTheTableOfChangedRulesToo() {
    Table carried = tableOfAll(20).carriedTo(Rulebook.compile(facts, Assumptions.DEFAULT), "bank");
    Line first = line(carried, 0);
    IntStream.range(1, PEERS).forEach(peer -> line(carried, peer));

    assertThat(line(carried, 0)).isNotSameAs(first);
  }

  private static PodFacts changed(PodFacts pod, int times) {
    return new PodFacts(
        pod.runsAs(),
        pod.pod(),
        Map.of("colour", Integer.toString(times)),
        pod.placement(),
        pod.ports());
  }

  private PolicyEngine afterChanges(int count) {
    PodFacts peer = engine.pod("shop", "peer0").orElseThrow();
    PolicyEngine latest = engine;
    for (int i = 0; i < count; i++) {
      latest = latest.with(changed(peer, i));
    }
    return latest;
  }

  private static Vocabulary vocabulary(PolicyEngine engine) {
    return engine.index().addresses().ends().vocabulary();
  }

  @Test
  void theNumbersOfPodsThatAreGoneAreGivenUpInTheEnd() {
    assertThat(vocabulary(afterChanges(1_000))).isSameAs(vocabulary(engine));
    assertThat(vocabulary(afterChanges(6_000))).isNotSameAs(vocabulary(engine));
  }

  @Test
  void anEngineDecidesByTheLatestOfManyChanges() {
    var flow = TestCluster.flow("shop/peer0", "shop/orders", "80", Side.INGRESS);
    PodFacts peer = engine.pod("shop", "peer0").orElseThrow();

    assertThat(
            List.of(
                afterChanges(6_000).verdict(flow),
                afterChanges(6_000).with(changed(peer, 7)).verdict(flow)))
        .containsExactly(Verdict.DENIED, Verdict.ALLOWED);
  }
}
