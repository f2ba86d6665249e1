// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Explanation.Finding;
import dev.serviceidentity.network.Explanation.Says;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in words what cluster-wide policies do with one flow. */
record TierWords(Tiers tiers, Contact contact) {
  private static final String STEP = " → ";

  /** The tiers in the order in which they were asked, up to the one that decided. */
  String chain(Trail trail, String networkPolicies) {
    var text = new StringBuilder(course(Tier.ADMIN, trail.admin()));
    if (!trail.admin().mayLeave()) {
      return text.toString();
    }
    text.append(STEP).append("NetworkPolicy: ").append(networkPolicies);
    if (trail.isolating().isEmpty()) {
      text.append(STEP).append(baseline(trail));
    }
    return text.toString();
  }

  private String baseline(Trail trail) {
    return trail.baseline().stream()
        .map(course -> course(Tier.BASELINE, course) + (course.mayLeave() ? ", so allowed" : ""))
        .distinct()
        .collect(Collectors.joining(", or in the other order of the two kinds "));
  }

  private String course(Tier tier, TierCourse course) {
    if (course.turns().isEmpty()) {
      return tier + ": no rule matches";
    }
    String turns = course.turns().stream().map(this::turn).collect(Collectors.joining(", else "));
    return tier + ": " + turns + (course.openEnd() ? ", else no rule matches" : "");
  }

  private String turn(TierCourse.Turn turn) {
    TierStep step = turn.step();
    String what = step.action() + " by " + reference(step);
    String doubt = turn.certain() ? "" : " (" + doubt(step) + ")";
    String broken = step.facts().problem().isEmpty() ? "" : " (" + malformed(step) + ")";
    return (turn.certain() ? "" : "perhaps ") + what + broken + doubt + ties(step);
  }

  private static String malformed(TierStep step) {
    return "it denies everything because it is not understood: " + step.facts().problem();
  }

  private String doubt(TierStep step) {
    return step.subject().matches(contact.subject()) == Ternary.YES
        ? "it " + step.rule().miss(contact).text("matches")
        : step.subject().difference(contact.subject(), "the policy's subject").has();
  }

  private String ties(TierStep step) {
    List<TierStep> rivals = tiers.rivals(step, contact);
    return rivals.isEmpty()
        ? ""
        : rivals.stream()
            .map(rival -> rival.action() + " by " + reference(rival))
            .collect(
                Collectors.joining(
                    " and ",
                    " (warning: of the same priority, and the network may take it instead: ",
                    ")"));
  }

  String reference(TierStep step) {
    String name = step.facts().name();
    return step.rule().referenceFor(contact) + (name.isEmpty() ? "" : " " + Quote.of(name));
  }

  Stream<String> decidedBy(Trail trail) {
    return Stream.of(Tier.values())
        .flatMap(tier -> asked(tier, trail))
        .flatMap(course -> course.turns().stream())
        .map(turn -> turn.step().rule().referenceFor(contact))
        .distinct();
  }

  /** What a policy does with the flow, or would do if it were asked. */
  Finding finding(ClusterPolicyFacts policy, Trail trail) {
    PeerMatcher subject = PeerMatcher.compile("", policy.subject(), Assumptions.DEFAULT);
    String rank = policy.rank().tier() + " tier, priority " + policy.rank().priority() + "; ";
    if (subject.matches(contact.subject()) == Ternary.NO) {
      Difference difference = subject.difference(contact.subject(), contact.subject().name());
      return notApplicable(policy, "is about " + difference.wants() + "; " + difference.has());
    }
    if (tiers.alone(policy, contact).turns().isEmpty()) {
      return notApplicable(
          policy, rank + "no " + contact.direction().field() + " rule of it matches");
    }
    return asked(policy.rank().tier(), trail)
        .flatMap(course -> course.turns().stream())
        .filter(turn -> turn.step().policy().equals(policy))
        .findFirst()
        .map(turn -> finding(turn, rank))
        .orElseGet(
            () -> notApplicable(policy, rank + "not asked, because others decide before it"));
  }

  private static Finding notApplicable(ClusterPolicyFacts policy, String why) {
    return new Finding(policy.displayName(), Says.NOT_APPLICABLE, why);
  }

  private Finding finding(TierCourse.Turn turn, String rank) {
    String reference = turn.step().rule().referenceFor(contact);
    return new Finding(
        reference, turn.certain() ? says(turn.step()) : Says.UNDECIDABLE, rank + turn(turn));
  }

  private static Stream<TierCourse> asked(Tier tier, Trail trail) {
    if (tier == Tier.ADMIN) {
      return Stream.of(trail.admin());
    }
    return trail.reachesBaseline() ? trail.baseline().stream() : Stream.of();
  }

  private static Says says(TierStep step) {
    return switch (step.facts().action()) {
      case ACCEPT -> Says.ADMITS;
      case DENY -> Says.DENIES;
      case PASS -> Says.PASSES;
    };
  }
}
