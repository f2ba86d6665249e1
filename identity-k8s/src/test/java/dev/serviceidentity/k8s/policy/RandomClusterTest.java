// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.Borders;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The engine against a second, naive evaluator on random clusters; a new seed in each build. */
class RandomClusterTest {
  private static final int CLUSTERS = Integer.getInteger("random.clusters", 500);
  private static final int FLOWS = 60;
  private static final List<String> PORTS =
      List.of("80", "81", "443", "8080", "UDP 80", "UDP 443", "SCTP 80");

  private static final List<Side> SIDES = List.of(Side.INGRESS, Side.EGRESS, Side.BOTH);

  private final long seed = Long.getLong("seed", System.nanoTime());

  private final Random random = new Random(seed);
  private final Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);

  @Test
  void bothEvaluatorsAgreeOnEveryFlow() {
    System.out.println("RandomClusterTest: -Dseed=" + seed);
    for (int i = 0; i < CLUSTERS; i++) {
      compare(new RandomCluster(random.nextLong()));
    }
    assertThat(seen).as("all verdicts occur").containsOnlyKeys(Verdict.values());
  }

  /** Neighbours in the list of ends are near copies, or lie on either side of a border. */
  private void compare(RandomCluster cluster) {
    var assumptions = cluster.assumptions;
    var engine = PolicyEngine.compile(TestCluster.of(cluster.toManifest()).facts(), assumptions);
    var naive =
        new NaiveEvaluator(
            cluster.objects,
            assumptions.podsInBlocks().name(),
            assumptions.unowned().name(),
            assumptions.podNetworks().stream().map(Cidr::toString).toList());
    List<String> ends = ends(cluster);
    for (int i = 0; i < FLOWS; i += 4) {
      int from = random.nextInt(ends.size() - 1);
      int to = random.nextInt(ends.size() - 1);
      String port = pick(PORTS);
      Side side = pick(SIDES);
      for (int j = 0; j < 4; j++) {
        var asked = new Asked(ends.get(from + j % 2), ends.get(to + j / 2), port, side);
        compare(asked, engine, naive, cluster);
      }
    }
  }

  private record Asked(String from, String to, String port, Side side) {}

  private void compare(
      Asked asked, PolicyEngine engine, NaiveEvaluator naive, RandomCluster cluster) {
    Flow flow = TestCluster.flow(asked.from, asked.to, asked.port, asked.side);
    Verdict verdict = engine.verdict(flow);
    Explanation explanation = engine.explain(flow);
    String expected =
        naive.verdict(
            asked.from,
            asked.to,
            flow.protocol().name(),
            flow.port(),
            asked.side != Side.EGRESS,
            asked.side != Side.INGRESS);

    assertThat(verdict.name())
        .as(() -> asked + "\n" + describe(explanation, cluster))
        .isEqualTo(expected);
    assertExplains(verdict, explanation, asked.side);
    seen.merge(verdict, 1, Integer::sum);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String describe(Explanation explanation, RandomCluster objects) {
    return explanation.render() + "\n" + objects.assumptions + "\n" + objects.toManifest();
  }

  /** What the explanation finds must be what the verdict says. */
  private static void assertExplains(Verdict verdict, Explanation explanation, Side side) {
    boolean admits = explanation.findings().stream().anyMatch(f -> f.says() == Says.ADMITS);
    boolean silent =
        explanation.findings().stream()
            .map(Explanation.Finding::says)
            .noneMatch(Set.of(Says.ADMITS, Says.PASSES, Says.UNDECIDABLE)::contains);
    if (side != Side.BOTH && silent && verdict == Verdict.ALLOWED) {
      assertThat(explanation.decidedBy()).isEmpty();
    }
    if (side != Side.BOTH && verdict == Verdict.DENIED) {
      boolean mayDeny =
          explanation.findings().stream()
              .map(Explanation.Finding::says)
              .anyMatch(Set.of(Says.DENIES, Says.UNDECIDABLE)::contains);
      assertThat(admits && !mayDeny).isFalse();
      assertThat(explanation.decidedBy()).isNotEmpty();
    }
    String word = verdict.name().toLowerCase(java.util.Locale.ROOT);
    assertThat(explanation.summary()).contains("is " + word);
  }

  static List<String> ends(RandomCluster cluster) {
    var ends = new ArrayList<String>();
    for (Map<String, Object> object : cluster.objects) {
      if (Set.of("Pod", "Deployment").contains(object.get("kind"))) {
        Map<?, ?> metadata = (Map<?, ?>) object.get("metadata");
        ends.add(metadata.get("namespace") + "/" + metadata.get("name"));
      }
    }
    var addresses =
        new TreeSet<>(
            List.of(
                "10.0.0.200",
                "192.0.2.1",
                "2001:db8::99",
                "172.16.0.1",
                "172.16.0.2",
                "172.16.0.9",
                "172.16.1.1",
                "127.0.0.1",
                "fe80::1"));
    addresses.addAll(Borders.in(cluster.toManifest()));
    ends.addAll(addresses);
    return ends;
  }
}
