// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Outcome.Ground;

/**
 * A cell of the table: what the policies say about all flows of one class, for each thing that
 * flows of one class can differ in.
 *
 * @param trail what the policies say
 * @param asOthers for two pods, or the world outside
 * @param ownNode for a pod and its own node
 * @param perhapsExempt for what may be the pod itself or its own node
 */
record Answer(Trail trail, Judgement asOthers, Judgement ownNode, Judgement perhapsExempt) {

  /** The contact stands for all of the class. */
  static Answer of(Trail trail, Contact contact, Rulebook rules) {
    Ternary permits = trail.permits();
    boolean silent = trail.isolating().isEmpty() && !trail.usesTiers();
    Judgement asOthers =
        judgement(
            Outcome.of(permits, silent ? Ground.NOT_ISOLATED : Ground.POLICIES, trail),
            contact,
            rules);
    Judgement perhapsExempt =
        permits == Ternary.NO
            ? judgement(Outcome.of(Ternary.UNKNOWN, Ground.PERHAPS_EXEMPT, trail), contact, rules)
            : asOthers;
    Judgement ownNode =
        judgement(Outcome.of(trail.permitsOwnNode(), Ground.OWN_NODE, trail), contact, rules);
    return new Answer(trail, asOthers, ownNode, perhapsExempt);
  }

  private static Judgement judgement(Outcome outcome, Contact contact, Rulebook rules) {
    return new Judgement(
        outcome, () -> Explainer.ofClass(contact, rules).explainClass(contact, outcome));
  }

  Judgement withExemption(Ternary exempt) {
    return switch (exempt) {
      case YES -> ownNode;
      case UNKNOWN -> perhapsExempt;
      case NO -> asOthers;
    };
  }
}
