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

  /** The same for as long as the expectation is, wherever it stands. */
  String title() {
    return called() + expectation.question() + " is " + expectation.expected();
  }

  String mismatch() {
    return "%s%s: expected %s, is %s"
        .formatted(called(), expectation.question(), expectation.expected(), answer.verdict());
  }

  private String called() {
    return expectation.name().isEmpty() ? "" : expectation.name() + ": ";
  }

  Explanation why() {
    return answer.why().get();
  }
}
