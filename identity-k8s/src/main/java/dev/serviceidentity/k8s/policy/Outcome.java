// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.jspecify.annotations.Nullable;

/** What the policies of one end say about flows of one class, and on what ground. */
record Outcome(Verdict verdict, Ground ground, @Nullable Trail trail) {
  static final Outcome SUBJECT_UNKNOWN =
      new Outcome(Verdict.UNDECIDABLE, Ground.SUBJECT_UNKNOWN, null);
  static final Outcome NOT_SUBJECT = new Outcome(Verdict.ALLOWED, Ground.NOT_SUBJECT, null);
  static final Outcome SELF = new Outcome(Verdict.ALLOWED, Ground.SELF, null);
  static final Outcome NO_FLOW = new Outcome(Verdict.UNDECIDABLE, Ground.NO_FLOW, null);
  static final Outcome UNREAD = new Outcome(Verdict.UNDECIDABLE, Ground.UNREAD, null);

  /** What settled it. Where the policies were asked, there is a trail. */
  enum Ground {
    /** Which pod the subject is is not known, and so not which policies apply. */
    SUBJECT_UNKNOWN,
    /** The subject is no pod, or one on the host network: no policy applies. */
    NOT_SUBJECT,
    SELF,
    /** No one connection can be meant, or several that are decided differently. */
    NO_FLOW,
    /** There is a policy that could not be evaluated. */
    UNREAD,
    OWN_NODE,
    NOT_ISOLATED,
    POLICIES,
    /** The policies do not admit it, but it may be traffic that they cannot stop. */
    PERHAPS_EXEMPT
  }

  static Outcome of(Ternary permits, Ground ground, Trail trail) {
    Verdict verdict =
        switch (permits) {
          case YES -> Verdict.ALLOWED;
          case UNKNOWN -> Verdict.UNDECIDABLE;
          case NO -> Verdict.DENIED;
        };
    return new Outcome(verdict, ground, trail);
  }
}
