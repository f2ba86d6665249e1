// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Explanation;
import java.util.List;

/** The judgements that no rule has a part in, for flows of which nothing more is known. */
final class FixedJudgements {
  static final Judgement SUBJECT_UNKNOWN =
      of(
          Outcome.SUBJECT_UNKNOWN,
          "The flow is undecidable: which pod has the own address is not known");
  static final Judgement NOT_SUBJECT =
      of(
          Outcome.NOT_SUBJECT,
          "The flow is allowed: no policy applies to what is no pod or has its node's network");
  static final Judgement SELF =
      of(Outcome.SELF, "The flow is allowed: a pod always reaches itself on its own addresses");
  static final Judgement UNREAD =
      of(
          Outcome.UNREAD,
          "The flow is undecidable: a policy that could not be evaluated could change the answer");
  static final Judgement NO_FLOW =
      of(Outcome.NO_FLOW, "The flow is undecidable: the two have no address family in common");
  static final Judgement DISAGREEMENT =
      of(
          Outcome.NO_FLOW,
          "The flow is undecidable: the pods that claim the address are decided differently");

  private FixedJudgements() {}

  private static Judgement of(Outcome outcome, String summary) {
    return new Judgement(outcome, () -> new Explanation(summary, List.of(), List.of()));
  }
}
