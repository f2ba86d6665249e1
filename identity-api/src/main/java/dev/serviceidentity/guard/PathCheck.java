// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.network.Workload;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The fourth layer: the network policies must permit the path from every pod that may be the caller
 * to this one.
 */
final class PathCheck {
  /** The decisions taken and the rules that took them, and the refusal if there is one. */
  record Outcome(List<PolicyDecision> decisions, List<String> rules, Optional<Refusal> refusal) {}

  /** A flow with what was decided of it. */
  private record Path(Flow flow, PolicyDecision decision) {
    boolean is(Verdict verdict) {
      return decision.verdict() == verdict;
    }

    Explanation explanation() {
      return decision.explanation(flow);
    }
  }

  private final ClusterNetwork network;
  private final Side side;
  private final StalePolicy stale;

  PathCheck(ClusterNetwork network, Side side, StalePolicy stale) {
    this.network = network;
    this.side = side;
    this.stale = stale;
  }

  Outcome check(List<Workload> candidates, SourceAddress source, int port, Instant now) {
    Optional<Workload> self = network.self();
    if (self.isEmpty()) {
      return undecidable(
          "the view does not show this service's own pod; tell the network's builder which it is");
    }
    FlowEnd own = FlowEnd.of(self.get());
    List<FlowEnd> ends =
        candidates.isEmpty()
            ? List.of(FlowEnd.of(source.effective()))
            : Each.of(candidates, FlowEnd::of);
    List<Path> paths =
        Each.of(ends, end -> path(new Flow(end, own, port, Protocol.TCP, side)));
    return new Outcome(Each.of(paths, Path::decision), rules(paths), judge(paths, now));
  }

  private Path path(Flow flow) {
    return new Path(flow, network.check(flow));
  }

  /** What comes of a path that the policies cannot be asked about. */
  static Outcome undecidable(String why) {
    return new Outcome(List.of(), List.of(), refused(RefusalReason.POLICY_UNDECIDABLE, why));
  }

  private Optional<Refusal> judge(List<Path> paths, Instant now) {
    for (Path path : paths) {
      Optional<String> age = Freshness.tooOld(path.decision().stamp(), stale, now);
      if (age.isPresent()) {
        return refused(RefusalReason.VIEW_STALE, age.get());
      }
    }
    for (Path path : paths) {
      if (!path.decision().permits()) {
        boolean denied = paths.stream().allMatch(each -> each.is(Verdict.DENIED));
        return refused(
            denied ? RefusalReason.POLICY_DENIES : RefusalReason.POLICY_UNDECIDABLE,
            detail(path.explanation()));
      }
    }
    return Optional.empty();
  }

  /** The first line alone must do, since that is what logs show. */
  private static String detail(Explanation why) {
    String obstacle = why.obstacle();
    return obstacle.equals(why.summary()) ? why.render() : obstacle + "\n" + why.render();
  }

  /** Asked for here and not when the event is made: what fails in this layer refuses. */
  private static List<String> rules(List<Path> paths) {
    var rules = new LinkedHashSet<String>();
    paths.forEach(path -> rules.addAll(path.explanation().decidedBy()));
    return List.copyOf(rules);
  }

  private static Optional<Refusal> refused(Reason reason, String detail) {
    return Optional.of(new Refusal(Layer.NETWORK, reason, detail));
  }
}
