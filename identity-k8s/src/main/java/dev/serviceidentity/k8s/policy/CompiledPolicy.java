// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A policy in the form that decides and that explains. */
record CompiledPolicy(PolicyFacts facts, Map<Direction, List<CompiledRule>> rules) {

  static CompiledPolicy compile(PolicyFacts facts, Assumptions assumptions) {
    var rules = new EnumMap<Direction, List<CompiledRule>>(Direction.class);
    facts
        .rules()
        .forEach(
            (direction, list) ->
                rules.put(
                    direction,
                    IntStream.range(0, list.size())
                        .mapToObj(i -> compile(facts, direction, i, assumptions))
                        .toList()));
    return new CompiledPolicy(facts, rules);
  }

  private static CompiledRule compile(
      PolicyFacts facts, Direction direction, int index, Assumptions assumptions) {
    RulePlace place = RulePlace.of(facts.name(), facts.displayName(), direction, index);
    Rule rule = facts.rules().getOrDefault(direction, List.of()).get(index);
    return CompiledRule.compile(place, facts.namespace(), rule, assumptions);
  }

  boolean selects(PodFacts pod) {
    return facts.namespace().equals(pod.namespace()) && facts.subject().matches(pod.labels());
  }

  boolean isolatesIn(Direction direction) {
    return rules.containsKey(direction);
  }

  Ternary admits(Contact contact) {
    Ternary best = Ternary.NO;
    for (CompiledRule rule : rules(contact)) {
      best = best.or(rule.admits(contact));
    }
    return best;
  }

  Optional<CompiledRule> admittingRule(Contact contact) {
    return rules(contact).stream().filter(rule -> rule.admits(contact) == Ternary.YES).findFirst();
  }

  /** Of the rules with that outcome, the one that came closest. */
  Optional<Miss> nearestMiss(Contact contact, Ternary outcome) {
    return rules(contact).stream()
        .filter(rule -> rule.admits(contact) == outcome)
        .map(rule -> rule.miss(contact))
        .min(Comparator.comparingInt(Miss::distance));
  }

  List<CompiledRule> rulesIn(Direction direction) {
    return rules.getOrDefault(direction, List.of());
  }

  private List<CompiledRule> rules(Contact contact) {
    return rulesIn(contact.direction());
  }
}
