// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.network.Explanation;

/** What came of one expectation. */
record Outcome(Expectation expectation, Answer answer) {
  boolean holds() {
    return answer.verdict() == expectation.expected();
  }

  String title() {
    return expectation.question() + " is " + expectation.expected();
  }

  String mismatch() {
    return expectation.question()
        + ": expected "
        + expectation.expected()
        + ", is "
        + answer.verdict();
  }

  Explanation why() {
    return answer.why().get();
  }
}
