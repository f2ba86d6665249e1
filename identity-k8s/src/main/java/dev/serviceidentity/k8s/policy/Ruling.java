// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.PolicyDecision.Verdict;

/** What the policies of one end say about one flow. */
record Ruling(Contact contact, Outcome outcome) {

  Verdict verdict() {
    return outcome.verdict();
  }

  Outcome.Ground ground() {
    return outcome.ground();
  }
}
