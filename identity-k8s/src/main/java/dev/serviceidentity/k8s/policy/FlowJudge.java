// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Decides flows between ends that may stand for several addresses or pods, and explains them. */
final class FlowJudge {
  private FlowJudge() {}

  /** Indexes and not iterators, since nothing is to be made. */
  static Verdict verdict(Flow flow, PolicyEngine engine) {
    List<Party> from = engine.index().partiesOf(flow.from());
    List<Party> to = engine.index().partiesOf(flow.to());
    Verdict verdict = null;
    for (int i = 0; i < from.size(); i++) {
      for (int j = 0; j < to.size(); j++) {
        if (from.get(i).end().sharesFamilyWith(to.get(j).end())) {
          Verdict each = verdict(flow, from.get(i), to.get(j), engine);
          verdict = verdict == null || verdict == each ? each : Verdict.UNDECIDABLE;
        }
      }
    }
    return verdict == null ? Verdict.UNDECIDABLE : verdict;
  }

  static Explanation explain(Flow flow, PolicyEngine engine, Rulebook rules) {
    ClusterIndex index = engine.index();
    List<FlowCase> cases = cases(flow, engine);
    if (!cases.isEmpty()) {
      return new Explainer(flow.toString(), flow.side(), rules).explain(cases);
    }
    return Explainer.undecidable(
        flow,
        index
            .problemOf(flow.from())
            .or(() -> index.problemOf(flow.to()))
            .orElse("the two have no address family in common"));
  }

  /** A connection needs both ends: one that denies settles it, whatever the other does not know. */
  private static Verdict verdict(Flow flow, Party from, Party to, PolicyEngine engine) {
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
  private static List<FlowCase> cases(Flow flow, PolicyEngine engine) {
    var cases = new ArrayList<FlowCase>();
    for (Party from : engine.index().explainedPartiesOf(flow.from())) {
      for (Party to : engine.index().explainedPartiesOf(flow.to())) {
        if (from.end().sharesFamilyWith(to.end())) {
          Verdict verdict = verdict(flow, from, to, engine);
          cases.add(new FlowCase(from.end(), to.end(), verdict, rulings(flow, from, to, engine)));
        }
      }
    }
    return cases;
  }

  private static List<Ruling> rulings(Flow flow, Party from, Party to, PolicyEngine engine) {
    var rulings = new ArrayList<Ruling>(2);
    if (flow.side() != Side.EGRESS) {
      rulings.add(ruling(Direction.INGRESS, to, from, flow, engine));
    }
    if (flow.side() != Side.INGRESS) {
      rulings.add(ruling(Direction.EGRESS, from, to, flow, engine));
    }
    return rulings;
  }

  private static Ruling ruling(
      Direction direction, Party subject, Party peer, Flow flow, PolicyEngine engine) {
    int place = Line.place(flow.protocol(), flow.port());
    return new Ruling(
        new Contact(direction, subject.end(), peer.end(), flow.protocol(), flow.port()),
        engine.judge(direction, subject, peer, place).outcome());
  }
}
