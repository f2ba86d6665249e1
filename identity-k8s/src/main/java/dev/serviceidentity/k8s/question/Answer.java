// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What the policies say to a question.
 *
 * @param verdict the one answer; undecidable where the flows behind the question differ
 * @param why says why, when it is asked for
 */
public record Answer(Verdict verdict, Supplier<Explanation> why) {
  /**
   * Checks that nothing is missing.
   *
   * @param verdict the one answer
   * @param why says why
   */
  public Answer {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(why, "why");
  }
}
