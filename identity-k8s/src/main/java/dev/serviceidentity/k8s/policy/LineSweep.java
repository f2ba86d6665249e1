// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes once along all ports between two ends, and asks the policies where a rule begins or ceases
 * to match. How far a rule matches the two ends is found before, so that the work grows little
 * faster than the rules, their peers and their ports do. Not thread-safe; for one pass.
 */
final class LineSweep {
  private final Contact ends;
  private final List<CompiledPolicy> isolating;
  private final NavigableMap<Integer, List<Border>> borders = new TreeMap<>();
  private final Candidates<TierStep> admin;
  private final List<Candidates<CompiledRule>> policies;
  private final List<Candidates<TierStep>> baseline;

  /** Where a rule begins to match, or ceases to. */
  private record Border(BitSet marks, int rule) {
    void pass() {
      marks.flip(rule);
    }
  }

  /**
   * The rules of a policy or tier that may match the ends, in the order in which they are asked.
   *
   * @param certain those that match at the present place
   * @param possible these and those that may match there
   */
  private record Candidates<R>(List<R> rules, BitSet certain, BitSet possible) {
    Candidates() {
      this(new ArrayList<>(), new BitSet(), new BitSet());
    }

    /** The first rule that certainly matches, or null. */
    @Nullable R firstCertain() {
      int first = certain.nextSetBit(0);
      return first < 0 ? null : rules.get(first);
    }
  }

  /** From one end to another, on whatever port the contact is. */
  LineSweep(Contact ends, Tiers tiers, List<CompiledPolicy> isolating) {
    this.ends = ends;
    this.isolating = isolating;
    for (Protocol protocol : Protocol.values()) {
      borders.put(Line.place(protocol, 1), new ArrayList<>());
    }
    this.admin = ofTier(tiers.admin(ends.direction()));
    this.policies = isolating.stream().map(this::ofPolicy).toList();
    this.baseline = tiers.baseline(ends.direction()).stream().map(this::ofTier).toList();
  }

  private Candidates<CompiledRule> ofPolicy(CompiledPolicy policy) {
    var candidates = new Candidates<CompiledRule>();
    for (CompiledRule rule : policy.rulesIn(ends.direction())) {
      add(candidates, rule, rule.matchesPeer(ends), rule.anyPort());
    }
    return candidates;
  }

  private Candidates<TierStep> ofTier(List<TierStep> steps) {
    var candidates = new Candidates<TierStep>();
    for (TierStep step : steps) {
      add(candidates, step, step.matchesEnds(ends), step.rule().anyPort());
    }
    return candidates;
  }

  private <R> void add(Candidates<R> candidates, R rule, Ternary matchesEnds, RulePorts ports) {
    if (matchesEnds == Ternary.NO) {
      return;
    }
    candidates.rules.add(rule);
    mark(ports.possible(ends.destination()), candidates.possible, candidates.rules.size() - 1);
    if (matchesEnds == Ternary.YES) {
      mark(ports.certain(ends.destination()), candidates.certain, candidates.rules.size() - 1);
    }
  }

  private void mark(Ports ports, BitSet marks, int rule) {
    ports.forEachBorder(
        place -> {
          if (place <= Line.LAST_PLACE) {
            borders.computeIfAbsent(place, p -> new ArrayList<>(1)).add(new Border(marks, rule));
          }
        });
  }

  /** Calls with what the policies say from a port on, in the order of the places in a line. */
  void forEach(BiConsumer<Contact, Trail> consumer) {
    borders.forEach(
        (place, here) -> {
          here.forEach(Border::pass);
          consumer.accept(ends.at(place), trail());
        });
  }

  private Trail trail() {
    Ternary admitted = Ternary.NO;
    var admitting = new ArrayList<CompiledRule>();
    for (Candidates<CompiledRule> policy : policies) {
      CompiledRule first = policy.firstCertain();
      if (first != null) {
        admitting.add(first);
        admitted = Ternary.YES;
      } else if (!policy.possible.isEmpty()) {
        admitted = admitted.or(Ternary.UNKNOWN);
      }
    }
    return new Trail(
        course(admin),
        isolating,
        admitted,
        List.copyOf(admitting),
        baseline.stream().map(LineSweep::course).toList());
  }

  private static TierCourse course(Candidates<TierStep> tier) {
    return TierCourse.of(
        tier.possible.stream()
            .mapToObj(i -> new TierCourse.Turn(tier.rules.get(i), tier.certain.get(i))));
  }
}
