// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Ruling.Ground;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;

/** Asks the policies of one end of a flow. */
record Evaluator(List<UnreadPolicy> unread) {

  Ruling rule(Contact contact) {
    Endpoint subject = contact.subject();
    if (subject instanceof Endpoint.Unknown) {
      return new Ruling(contact, Verdict.UNDECIDABLE, Ground.SUBJECT_UNKNOWN);
    }
    return subject instanceof Endpoint.OfPod of
        ? rule(contact, of.pod())
        : new Ruling(contact, Verdict.ALLOWED, Ground.NOT_SUBJECT);
  }

  private Ruling rule(Contact contact, IndexedPod subject) {
    Ternary self = Exemption.self(subject, contact.peer());
    if (self == Ternary.YES) {
      return new Ruling(contact, Verdict.ALLOWED, Ground.SELF);
    }
    // Before the node: a policy of a kind that denies may outrank what the node may do.
    if (!unreadFor(subject).isEmpty()) {
      return new Ruling(contact, Verdict.UNDECIDABLE, Ground.UNREAD);
    }
    Ternary ownNode = Exemption.ownNode(subject.facts(), contact.peer());
    if (ownNode == Ternary.YES) {
      return new Ruling(contact, Verdict.ALLOWED, Ground.OWN_NODE);
    }
    Ruling ruling = byPolicies(contact, subject.isolatedBy(contact.direction()));
    boolean perhapsExempt = self.or(ownNode) == Ternary.UNKNOWN;
    return perhapsExempt && ruling.verdict() == Verdict.DENIED
        ? new Ruling(contact, Verdict.UNDECIDABLE, Ground.PERHAPS_EXEMPT)
        : ruling;
  }

  List<UnreadPolicy> unreadFor(IndexedPod subject) {
    return unread.isEmpty()
        ? unread
        : unread.stream().filter(u -> u.mayTouch(subject.facts().namespace())).toList();
  }

  private static Ruling byPolicies(Contact contact, List<CompiledPolicy> isolating) {
    if (isolating.isEmpty()) {
      return new Ruling(contact, Verdict.ALLOWED, Ground.NOT_ISOLATED);
    }
    Ternary best = Ternary.NO;
    for (CompiledPolicy policy : isolating) {
      best = best.or(policy.admits(contact));
    }
    Verdict verdict =
        switch (best) {
          case YES -> Verdict.ALLOWED;
          case UNKNOWN -> Verdict.UNDECIDABLE;
          case NO -> Verdict.DENIED;
        };
    return new Ruling(contact, verdict, Ground.POLICIES);
  }
}
