// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;

/** A flow between one address of each end, with what the policies of the asked sides say. */
record FlowCase(Endpoint from, Endpoint to, List<Ruling> rulings) {

  /** A connection needs both ends: one that denies settles it, whatever the other does not know. */
  Verdict verdict() {
    if (rulings.stream().anyMatch(ruling -> ruling.verdict() == Verdict.DENIED)) {
      return Verdict.DENIED;
    }
    return rulings.stream().allMatch(ruling -> ruling.verdict() == Verdict.ALLOWED)
        ? Verdict.ALLOWED
        : Verdict.UNDECIDABLE;
  }
}
