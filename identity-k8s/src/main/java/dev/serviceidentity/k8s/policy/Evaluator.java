// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Ruling.Ground;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the policies of one end of a flow. */
record Evaluator(List<UnreadPolicy> unread, Tiers tiers) {

  Ruling rule(Contact contact) {
    Endpoint subject = contact.subject();
    if (subject instanceof Endpoint.Unknown) {
      return new Ruling(contact, Verdict.UNDECIDABLE, Ground.SUBJECT_UNKNOWN, null);
    }
    return subject instanceof Endpoint.OfPod of
        ? rule(contact, of.pod())
        : new Ruling(contact, Verdict.ALLOWED, Ground.NOT_SUBJECT, null);
  }

  private Ruling rule(Contact contact, IndexedPod subject) {
    Ternary self = Exemption.self(subject, contact.peer());
    if (self == Ternary.YES) {
      return new Ruling(contact, Verdict.ALLOWED, Ground.SELF, null);
    }
    // Before the node: a policy of a kind that denies may outrank what the node may do.
    if (!unreadFor(subject).isEmpty()) {
      return new Ruling(contact, Verdict.UNDECIDABLE, Ground.UNREAD, null);
    }
    Trail trail = Trail.of(contact, tiers, subject.isolatedBy(contact.direction()));
    Ternary ownNode = Exemption.ownNode(subject.facts(), contact.peer());
    if (ownNode == Ternary.YES) {
      return ruling(contact, trail.permitsOwnNode(), Ground.OWN_NODE, trail);
    }
    Ternary permits = trail.permits();
    boolean perhapsExempt = self.or(ownNode) == Ternary.UNKNOWN;
    if (perhapsExempt && permits == Ternary.NO) {
      return ruling(contact, Ternary.UNKNOWN, Ground.PERHAPS_EXEMPT, trail);
    }
    boolean silent = trail.isolating().isEmpty() && !trail.usesTiers();
    return ruling(contact, permits, silent ? Ground.NOT_ISOLATED : Ground.POLICIES, trail);
  }

  List<UnreadPolicy> unreadFor(IndexedPod subject) {
    return unread.isEmpty()
        ? unread
        : unread.stream().filter(u -> u.mayTouch(subject.facts().namespace())).toList();
  }

  private static Ruling ruling(
      Contact contact, Ternary permits, Ground ground, @Nullable Trail trail) {
    Verdict verdict =
        switch (permits) {
          case YES -> Verdict.ALLOWED;
          case UNKNOWN -> Verdict.UNDECIDABLE;
          case NO -> Verdict.DENIED;
        };
    return new Ruling(contact, verdict, ground, trail);
  }
}
