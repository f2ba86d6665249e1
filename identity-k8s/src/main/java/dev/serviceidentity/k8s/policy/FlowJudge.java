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
    Verdict verdict = null;
    for (Party source : from.parties()) {
      for (Party destination : to.parties()) {
        if (source.end().sharesFamilyWith(destination.end())) {
          Verdict each = verdict(flow, source, destination);
          verdict = verdict == null || verdict == each ? each : Verdict.UNDECIDABLE;
        }
      }
    }
    if (verdict == null) {
      String problem = from.problem().isEmpty() ? to.problem() : from.problem();
      String why = problem.isEmpty() ? "the two have no address family in common" : problem;
      return new Judgement(Outcome.NO_FLOW, () -> Explainer.undecidable(flow, why));
    }
    return new Judgement(
        Outcome.ofFlow(verdict),
        () -> new Explainer(flow.toString(), flow.side(), rules).explain(cases(flow, from, to)));
  }

  /** A connection needs both ends: one that denies settles it, whatever the other does not know. */
  private Verdict verdict(Flow flow, Party from, Party to) {
    int place = Line.place(flow.protocol(), flow.port());
    Verdict in =
        flow.side() == Side.EGRESS
            ? Verdict.ALLOWED
            : engine.judge(Direction.INGRESS, to, from, place).verdict();
    Verdict out =
        flow.side() == Side.INGRESS
            ? Verdict.ALLOWED
            : engine.judge(Direction.EGRESS, from, to, place).verdict();
    if (in == Verdict.DENIED || out == Verdict.DENIED) {
      return Verdict.DENIED;
    }
    return in == out ? in : Verdict.UNDECIDABLE;
  }

  /** What was decided, looked up again to be put into words. */
  private List<FlowCase> cases(Flow flow, Meaning from, Meaning to) {
    var cases = new ArrayList<FlowCase>();
    for (Party source : from.parties()) {
      for (Party destination : to.parties()) {
        if (source.end().sharesFamilyWith(destination.end())) {
          List<Ruling> rulings = rulings(flow, source, destination);
          cases.add(
              new FlowCase(
                  source.end(), destination.end(), verdict(flow, source, destination), rulings));
        }
      }
    }
    return cases;
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
}
