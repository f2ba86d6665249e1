// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.rights;

import dev.serviceidentity.network.PolicyDecision.Verdict;

/** What the two guards of a service say about one caller. */
public enum Access {
  /** Its name is allowed and the network lets it through: it may call. */
  BOTH,
  /** Its name is allowed, but the network does not let it through: a policy is missing. */
  IDENTITY_ONLY,
  /** It reaches the port and is refused by name: the policy is wider than is needed. */
  NETWORK_ONLY,
  /** It may not call, and cannot. */
  NEITHER,
  /** What the network says is not known, or differs between the pods that may be meant. */
  UNDECIDABLE;

  /**
   * Tells whether the two guards disagree.
   *
   * @return true for {@link #IDENTITY_ONLY} and {@link #NETWORK_ONLY}
   */
  public boolean differs() {
    return this == IDENTITY_ONLY || this == NETWORK_ONLY;
  }

  static Access of(boolean byName, Verdict byNetwork) {
    return switch (byNetwork) {
      case ALLOWED -> byName ? BOTH : NETWORK_ONLY;
      case DENIED -> byName ? IDENTITY_ONLY : NEITHER;
      case UNDECIDABLE -> UNDECIDABLE;
    };
  }
}
