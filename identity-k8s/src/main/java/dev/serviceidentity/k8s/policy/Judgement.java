// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.function.Supplier;

/**
 * What the engine says about one flow, or about all flows of a class. Immutable and thread-safe.
 */
public final class Judgement {
  private final Outcome outcome;
  private final Supplier<Explanation> explanation;

  Judgement(Outcome outcome, Supplier<Explanation> explanation) {
    this.outcome = outcome;
    this.explanation = explanation;
  }

  /**
   * The answer.
   *
   * @return never null
   */
  public Verdict verdict() {
    return outcome.verdict();
  }

  /** What settled it. */
  Outcome outcome() {
    return outcome;
  }

  /**
   * Says why; put together each time it is asked for.
   *
   * @return the explanation, from what decided; of a class of flows, by one of them as an example
   */
  public Explanation explanation() {
    return explanation.get();
  }
}
