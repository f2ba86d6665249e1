// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.util.Objects;
import java.util.function.Function;

/**
 * What the policies of one view say about a flow. One decision may stand for all flows that the
 * view answers alike, so that whoever asks why says which flow is meant.
 *
 * <p>The explanation is put together when it is asked for, from the view that decided and not from
 * the one then in force. Immutable and thread-safe.
 *
 * <pre>{@code
 * PolicyDecision decision = network.check(flow);
 * log(decision.verdict(), decision.explanation(flow).render());
 * }</pre>
 */
public final class PolicyDecision {
  /** The three answers. */
  public enum Verdict {
    /** The policies permit the flow. */
    ALLOWED,
    /** The policies do not permit it. */
    DENIED,
    /** A fact is missing without which neither can be said. */
    UNDECIDABLE
  }

  private final Verdict verdict;
  private final Function<Flow, Explanation> explanation;
  private final ViewStamp stamp;

  private PolicyDecision(
      Verdict verdict, Function<Flow, Explanation> explanation, ViewStamp stamp) {
    this.verdict = Objects.requireNonNull(verdict, "verdict");
    this.explanation = Objects.requireNonNull(explanation, "explanation");
    this.stamp = Objects.requireNonNull(stamp, "stamp");
  }

  /**
   * A decision.
   *
   * @param verdict the answer
   * @param explanation says of a flow with that answer why; called when somebody asks, at most a
   *     few times, on any thread
   * @param stamp the view that decided
   * @return the decision
   */
  public static PolicyDecision of(
      Verdict verdict, Function<Flow, Explanation> explanation, ViewStamp stamp) {
    return new PolicyDecision(verdict, explanation, stamp);
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
   * Tells whether the flow may go on.
   *
   * @return true for {@link Verdict#ALLOWED} alone
   */
  public boolean permits() {
    return verdict == Verdict.ALLOWED;
  }

  /**
   * Says why.
   *
   * @param flow the flow that was asked about when this decision was the answer
   * @return the explanation of that flow, from the view that decided
   */
  public Explanation explanation(Flow flow) {
    return explanation.apply(Objects.requireNonNull(flow, "flow"));
  }

  /**
   * The view that decided.
   *
   * @return never null
   */
  public ViewStamp stamp() {
    return stamp;
  }

  /** Returns the verdict. */
  @Override
  public String toString() {
    return verdict.name();
  }
}
