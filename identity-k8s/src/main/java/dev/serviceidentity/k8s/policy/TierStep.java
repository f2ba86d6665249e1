// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;

/** A rule of a cluster-wide policy in the form that decides and that explains. */
record TierStep(ClusterPolicyFacts policy, TierRule facts, PeerMatcher subject, CompiledRule rule) {

  static TierStep compile(ClusterPolicyFacts policy, Direction direction, int index) {
    // Networks match whoever has the address, pods included; only ipBlocks leave that open.
    Assumptions assumptions = Assumptions.DEFAULT;
    TierRule facts = policy.rules().getOrDefault(direction, List.of()).get(index);
    RulePlace place = RulePlace.of(policy.name(), policy.displayName(), direction, index);
    return new TierStep(
        policy,
        facts,
        PeerMatcher.compile("", policy.subject(), assumptions),
        CompiledRule.compile(place, "", facts.flows(), assumptions));
  }

  /** What its author calls what it does. */
  String action() {
    return policy.kind().wordFor(facts.action());
  }

  Ternary matches(Contact contact) {
    return matchesEnds(contact).and(rule.matchesPort(contact));
  }

  /** Whether it matches on some port. */
  Ternary matchesEnds(Contact contact) {
    return subject.matches(contact.subject()).and(rule.matchesPeer(contact));
  }

  /** Its place tells it from all others. */
  @Override
  public int hashCode() {
    return rule.hashCode();
  }
}
