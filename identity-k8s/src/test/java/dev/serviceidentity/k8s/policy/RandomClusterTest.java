// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The engine against a second, naive evaluator on random clusters; a new seed in each build. */
class RandomClusterTest {
  private static final int CLUSTERS = Integer.getInteger("random.clusters", 500);
  private static final int FLOWS = 60;
  private static final List<String> PORTS =
      List.of("80", "81", "443", "8080", "UDP 80", "UDP 443", "SCTP 80");

  private static final List<Side> SIDES = List.of(Side.INGRESS, Side.EGRESS, Side.BOTH);

  private final long seed = Long.getLong("seed", System.nanoTime());

  @Test
  void bothEvaluatorsAgreeOnEveryFlow() {
    System.out.println("RandomClusterTest: -Dseed=" + seed);
    var random = new Random(seed);
    Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);
    for (int i = 0; i < CLUSTERS; i++) {
      long clusterSeed = random.nextLong();
      var objects = new RandomCluster(clusterSeed);
      List<String> networks = objects.podNetworks();
      var cluster =
          TestCluster.of(objects.toManifest())
              .assuming(
                  new Assumptions(
                      PodsInBlocks.MATCH,
                      Unowned.OUTSIDE,
                      networks.stream().map(Cidr::parse).toList()));
      var naive = new NaiveEvaluator(objects.objects, networks);
      List<String> ends = ends(objects);
      for (int j = 0; j < FLOWS; j++) {
        String from = ends.get(random.nextInt(ends.size()));
        String to = ends.get(random.nextInt(ends.size()));
        String port = PORTS.get(random.nextInt(PORTS.size()));
        Side side = SIDES.get(random.nextInt(SIDES.size()));
        Verdict verdict = cluster.verdict(from, to, port, side);
        Explanation explanation = cluster.explain(from, to, port, side);
        String[] words = port.split(" ", -1);
        String expected =
            naive.verdict(
                from,
                to,
                words.length == 1 ? "TCP" : words[0],
                Integer.parseInt(words[words.length - 1]),
                side != Side.EGRESS,
                side != Side.INGRESS);

        assertThat(verdict.name())
            .as(
                () ->
                    "%s → %s:%s %s%n%s"
                        .formatted(from, to, port, side, networks + describe(explanation, objects)))
            .isEqualTo(expected);
        assertExplains(verdict, explanation, side);
        seen.merge(verdict, 1, Integer::sum);
      }
    }
    assertThat(seen).as("all verdicts occur").containsOnlyKeys(Verdict.values());
  }

  private static String describe(Explanation explanation, RandomCluster objects) {
    return explanation.render() + "\n" + objects.toManifest();
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
    var ends =
        new ArrayList<>(
            List.of("10.0.0.200", "192.0.2.1", "2001:db8::99", "172.16.0.1", "172.16.0.2"));
    for (Map<String, Object> object : cluster.objects) {
      if (object.get("kind").equals("Pod")) {
        Map<?, ?> metadata = (Map<?, ?>) object.get("metadata");
        ends.add(metadata.get("namespace") + "/" + metadata.get("name"));
        Map<?, ?> status = (Map<?, ?>) object.get("status");
        for (Object ip : (List<?>) status.get("podIPs")) {
          ends.add((String) ((Map<?, ?>) ip).get("ip"));
        }
      }
    }
    return ends;
  }
}
