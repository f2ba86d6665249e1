// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.function.Supplier;

/** What the engine says about one flow. Immutable and thread-safe. */
public final class Judgement {
  private final Verdict verdict;
  private final Supplier<Explanation> explanation;

  Judgement(Verdict verdict, Supplier<Explanation> explanation) {
    this.verdict = verdict;
    this.explanation = explanation;
  }

  /**
   * The answer.
   *
   * @return never null
   */
  public Verdict verdict() {
    return verdict;
  }

  /**
   * Says why; put together each time it is asked for.
   *
   * @return the explanation, from what decided
   */
  public Explanation explanation() {
    return explanation.get();
  }
}
