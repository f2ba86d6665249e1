// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.jspecify.annotations.Nullable;

/** What the policies of one end say about one flow, and on what ground. */
record Ruling(Contact contact, Verdict verdict, Ground ground, @Nullable Trail trail) {

  /** What settled it. Where the policies were asked, there is a trail. */
  enum Ground {
    /** Which pod the subject is is not known, and so not which policies apply. */
    SUBJECT_UNKNOWN,
    /** The subject is no pod, or one on the host network: no policy applies. */
    NOT_SUBJECT,
    SELF,
    /** There is a policy that could not be evaluated. */
    UNREAD,
    OWN_NODE,
    NOT_ISOLATED,
    POLICIES,
    /** The policies do not admit it, but it may be traffic that they cannot stop. */
    PERHAPS_EXEMPT
  }
}
