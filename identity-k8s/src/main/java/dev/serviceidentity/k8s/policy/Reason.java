// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Says in one sentence why the policies of one end say what they say of a flow. */
record Reason(Ruling ruling, Rulebook rules) {
  private static final String OWN_NODE = "a pod and its own node always reach each other";

  static Trail trail(Ruling ruling) {
    return Objects.requireNonNull(ruling.outcome().trail(), "A ground by policies has a trail");
  }

  private Contact contact() {
    return ruling.contact();
  }

  private Endpoint subject() {
    return contact().subject();
  }

  String text() {
    return switch (ruling.ground()) {
      case SUBJECT_UNKNOWN -> "whose policies apply is not known: " + whyUnknown();
      case NOT_SUBJECT -> notSubject();
      case NO_FLOW -> "no one connection is meant";
      case SELF -> "a pod always reaches itself on its own addresses";
      case OWN_NODE -> ownNode();
      case UNREAD -> "not evaluated, and could change the answer: " + unread();
      case NOT_ISOLATED -> "no policy isolates it for " + contact().direction().field();
      case POLICIES -> policies();
      case PERHAPS_EXEMPT ->
          "allowed %s, since %s; else denied: %s".formatted(ifOwnNode(), OWN_NODE, policies());
    };
  }

  private String whyUnknown() {
    return subject() instanceof Endpoint.Unknown unknown ? unknown.why() : subject().label();
  }

  private String notSubject() {
    return subject() instanceof Endpoint.Outside
        ? "no policy applies to what is outside the cluster"
        : "no policy applies to a node, nor to a pod on the host network";
  }

  private String ifOwnNode() {
    return contact().peer() instanceof Endpoint.Unknown peer
        ? "if " + peer.name() + " belongs to the node of " + subject().name()
        : "if " + subject().name() + " runs on the same node";
  }

  private String unread() {
    return subject() instanceof Endpoint.OfPod of
        ? rules.unreadFor(of.pod().facts()).stream()
            .map(UnreadPolicy::what)
            .collect(Collectors.joining(", "))
        : "";
  }

  private String ownNode() {
    return ruling.verdict() == Verdict.ALLOWED
        ? OWN_NODE
        : OWN_NODE
            + " by NetworkPolicy, but networks differ in what an Admin tier can deny ("
            + policies()
            + ")";
  }

  private String policies() {
    Trail trail = trail(ruling);
    if (!trail.usesTiers()) {
      return networkPolicies(trail);
    }
    String networkPolicies =
        trail.isolating().isEmpty() ? "none isolates " + subject().name() : networkPolicies(trail);
    return new TierWords(rules.tiers(), contact()).chain(trail, networkPolicies);
  }

  private String networkPolicies(Trail trail) {
    return switch (trail.admitted()) {
      case YES ->
          "admitted by "
              + trail.admitting().stream()
                  .map(rule -> rule.referenceFor(contact()))
                  .collect(Collectors.joining(" and "))
              + blocks(trail);
      case NO -> nearest(trail, Ternary.NO);
      case UNKNOWN -> nearest(trail, Ternary.UNKNOWN);
    };
  }

  private String blocks(Trail trail) {
    boolean byBlock = trail.admitting().stream().anyMatch(rule -> rule.admitsPodByBlock(contact()));
    return byBlock ? " (an ipBlock is taken to match pods; not every network plugin does)" : "";
  }

  private String nearest(Trail trail, Ternary outcome) {
    List<CompiledPolicy> flawed =
        trail.isolating().stream().filter(policy -> policy.facts().flaw() != null).toList();
    return outcome == Ternary.NO && !flawed.isEmpty()
        ? malformed(flawed)
        : nearestRule(trail, outcome);
  }

  /** Of those that could admit the flow once they are corrected, the one most likely meant to. */
  private String malformed(List<CompiledPolicy> flawed) {
    PolicyFacts first =
        flawed.stream()
            .map(CompiledPolicy::facts)
            .max(Comparator.comparingInt(this::aim))
            .orElseThrow();
    PolicyFacts.Flaw flaw = Objects.requireNonNull(first.flaw());
    List<String> others =
        flawed.stream()
            .map(policy -> policy.facts().name())
            .filter(name -> !name.equals(first.name()))
            .distinct()
            .map(Quote::of)
            .toList();
    return "%s (%s) is %s and therefore closed; %s%s"
        .formatted(
            Quote.of(first.name()),
            flaw.place(),
            flaw.problem(),
            flaw.remedy(),
            others.isEmpty() ? "" : "; closed as well: " + String.join(" and ", others));
  }

  /** How closely a policy seems to be written for the pod. */
  private int aim(PolicyFacts policy) {
    LabelSelector written = Objects.requireNonNull(policy.flaw()).written();
    return subject() instanceof Endpoint.OfPod of && written.matches(of.pod().facts().labels())
        ? written.requirements().size()
        : -1;
  }

  private String nearestRule(Trail trail, Ternary outcome) {
    return trail.isolating().stream()
        .flatMap(policy -> policy.nearestMiss(contact(), outcome).stream())
        .min(Comparator.comparingInt(Miss::distance))
        .map(Miss::text)
        .orElseGet(() -> closed(trail));
  }

  private String closed(Trail trail) {
    List<String> names =
        trail.isolating().stream()
            .map(policy -> Quote.of(policy.facts().name()))
            .distinct()
            .toList();
    return String.join(" and ", names)
        + (names.size() == 1 ? " isolates " : " isolate ")
        + subject().name()
        + (names.size() == 1 ? " and admits nothing" : " and admit nothing")
        + "; add a rule that admits "
        + contact().peer().name()
        + " on "
        + contact().portText();
  }
}
