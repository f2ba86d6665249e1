// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.ClusterIndex.Meaning;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Decides flows between ends that may stand for several addresses or pods, and explains them. */
record FlowJudge(ClusterIndex index, PolicyEngine engine) {

  Judgement judge(Flow flow, Rulebook rules) {
    Meaning from = index.meaningOf(flow.from());
    Meaning to = index.meaningOf(flow.to());
    var cases = new ArrayList<FlowCase>();
    for (Party source : from.parties()) {
      for (Party destination : to.parties()) {
        if (source.end().sharesFamilyWith(destination.end())) {
          cases.add(
              new FlowCase(source.end(), destination.end(), rulings(flow, source, destination)));
        }
      }
    }
    if (cases.isEmpty()) {
      String problem = from.problem().isEmpty() ? to.problem() : from.problem();
      String why = problem.isEmpty() ? "the two have no address family in common" : problem;
      return new Judgement(Outcome.NO_FLOW, () -> Explainer.undecidable(flow, why));
    }
    var explainer = new Explainer(flow.toString(), flow.side(), rules);
    return new Judgement(
        new Outcome(agreed(cases), Outcome.Ground.POLICIES, null), () -> explainer.explain(cases));
  }

  private List<Ruling> rulings(Flow flow, Party from, Party to) {
    var rulings = new ArrayList<Ruling>(2);
    if (flow.side() != Side.EGRESS) {
      rulings.add(ruling(Direction.INGRESS, to, from, flow));
    }
    if (flow.side() != Side.INGRESS) {
      rulings.add(ruling(Direction.EGRESS, from, to, flow));
    }
    return rulings;
  }

  private Ruling ruling(Direction direction, Party subject, Party peer, Flow flow) {
    int place = Line.place(flow.protocol(), flow.port());
    return new Ruling(
        new Contact(direction, subject.end(), peer.end(), flow.protocol(), flow.port()),
        engine.judge(direction, subject, peer, place).outcome());
  }

  private static Verdict agreed(List<FlowCase> cases) {
    Verdict first = cases.get(0).verdict();
    return cases.stream().allMatch(each -> each.verdict() == first) ? first : Verdict.UNDECIDABLE;
  }
}
