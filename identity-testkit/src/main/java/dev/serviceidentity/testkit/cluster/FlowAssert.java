// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;

/**
 * Assertions about the answer to one question, which is asked once; see {@link PolicyAssertions}.
 */
public final class FlowAssert extends AbstractAssert<FlowAssert, Answer> {
  private final Question question;

  FlowAssert(Question question, Answer answer) {
    super(answer, FlowAssert.class);
    this.question = question;
  }

  /**
   * Asserts that the policies permit the flow.
   *
   * @return this
   */
  public FlowAssert isAllowed() {
    return is(Verdict.ALLOWED);
  }

  /**
   * Asserts that the policies do not permit the flow.
   *
   * @return this
   */
  public FlowAssert isDenied() {
    return is(Verdict.DENIED);
  }

  /**
   * Asserts that a fact is missing without which nothing can be said.
   *
   * @return this
   */
  public FlowAssert isUndecidable() {
    return is(Verdict.UNDECIDABLE);
  }

  private FlowAssert is(Verdict expected) {
    if (actual.verdict() != expected) {
      failWithMessage("%s", mismatch(question, expected, actual));
    }
    return this;
  }

  static String mismatch(Question question, Verdict expected, Answer answer) {
    return "%s: expected %s, is %s%n  %s"
        .formatted(
            question, expected, answer.verdict(), answer.why().get().render().indent(2).strip());
  }

  /**
   * Asserts what the explanation of a denial says about the rule that nearly admits the flow.
   *
   * @param parts texts that the reasons of the ends that deny it have
   * @return this
   */
  public FlowAssert nearestMiss(String... parts) {
    isDenied();
    String reasons = actual.why().get().obstacle();
    for (String part : parts) {
      if (!reasons.contains(part)) {
        failWithMessage(
            "%s", "%s: the nearest miss is not '%s'%n  ".formatted(question, part) + render());
      }
    }
    return this;
  }

  /**
   * Asserts which rules decided.
   *
   * @param rules each as {@code namespace/name ingress[0].from[1]}, in any order
   * @return this
   */
  public FlowAssert isDecidedBy(String... rules) {
    Assertions.assertThat(actual.why().get().decidedBy())
        .as(() -> "rules that decided %s%n  ".formatted(question) + render())
        .containsExactlyInAnyOrderElementsOf(List.of(rules));
    return this;
  }

  private String render() {
    return actual.why().get().render().indent(2).strip();
  }

  /**
   * Goes on to the explanation.
   *
   * @return assertions about the whole of it as people read it
   */
  public AbstractStringAssert<?> explanation() {
    return Assertions.assertThat(actual.why().get().render())
        .as(() -> "explanation of " + question);
  }
}
