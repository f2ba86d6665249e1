// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Outcome.Ground;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Finding;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in words what the compiled policies decided, by asking the same compiled policies. */
record Explainer(String asked, Side side, Rulebook rules) {

  static Explainer ofClass(Contact contact, Rulebook rules) {
    Side side = contact.direction() == Direction.INGRESS ? Side.INGRESS : Side.EGRESS;
    return new Explainer("the flow", side, rules);
  }

  static Explanation undecidable(Object asked, String why) {
    return new Explanation(Quote.plain(asked) + " is undecidable: " + why, List.of(), List.of());
  }

  /** Of all flows of a class, by the one that the contact is. */
  Explanation explainClass(Contact contact, Outcome outcome) {
    boolean opens = contact.direction() == Direction.EGRESS;
    Endpoint from = opens ? contact.subject() : contact.peer();
    Endpoint to = opens ? contact.peer() : contact.subject();
    Explanation example =
        explain(
            List.of(
                new FlowCase(from, to, outcome.verdict(), List.of(new Ruling(contact, outcome)))));
    return new Explanation(
        "Decided like every flow that no policy tells apart from this one: " + example.summary(),
        example.findings(),
        example.decidedBy());
  }

  Explanation explain(List<FlowCase> cases) {
    FlowCase shown = cases.get(0);
    boolean agreed = cases.stream().allMatch(each -> each.verdict() == shown.verdict());
    String summary =
        agreed
            ? summary(shown) + others(cases.size() - 1)
            : "%s is undecidable: %s".formatted(Quote.plain(asked), disagreement(cases));
    Stream<FlowCase> explained = agreed ? Stream.of(shown) : cases.stream();
    List<Ruling> rulings = explained.flatMap(each -> each.rulings().stream()).toList();
    return new Explanation(
        summary,
        rulings.stream().flatMap(this::findings).distinct().toList(),
        rulings.stream().flatMap(this::decidedBy).distinct().toList());
  }

  private static String others(int count) {
    return count == 0 ? "" : " The same holds for " + count + " more pair(s) of addresses.";
  }

  private static String disagreement(List<FlowCase> cases) {
    return cases.stream()
        .map(
            each ->
                "it is %s from %s to %s"
                    .formatted(word(each.verdict()), each.from().label(), each.to().label()))
        .collect(Collectors.joining(", but "));
  }

  private String summary(FlowCase shown) {
    var text = new StringBuilder();
    text.append(shown.from().label()).append(" → ").append(shown.to().label());
    String port = shown.rulings().get(0).contact().portText();
    text.append(", %s, is %s".formatted(port, word(shown.verdict())));
    for (Ruling ruling : shown.rulings()) {
      text.append("; ").append(ruling.contact().direction().field()).append(": ");
      text.append(ground(ruling));
    }
    if (side == Side.INGRESS) {
      text.append("; egress: not checked");
    } else if (side == Side.EGRESS) {
      text.append("; ingress: not checked");
    }
    return text.append('.').toString();
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case ALLOWED -> "allowed";
      case DENIED -> "denied";
      case UNDECIDABLE -> "undecidable";
    };
  }

  private String ground(Ruling ruling) {
    Contact contact = ruling.contact();
    Endpoint subject = contact.subject();
    return switch (ruling.ground()) {
      case SUBJECT_UNKNOWN -> "whose policies apply is not known: " + whyUnknown(subject);
      case NOT_SUBJECT -> "no policy applies to " + subject.label();
      case NO_FLOW -> "no one connection is meant";
      case SELF -> "a pod always reaches itself on its own addresses";
      case OWN_NODE -> ownNode(ruling);
      case UNREAD -> "not evaluated, and could change the answer: " + unread(subject);
      case NOT_ISOLATED -> "no policy isolates " + subject.label();
      case POLICIES -> policies(ruling);
      case PERHAPS_EXEMPT ->
          "the policies do not admit it (%s), but whether it is traffic of the pod itself or of its own node is not known"
              .formatted(policies(ruling));
    };
  }

  private static String whyUnknown(Endpoint subject) {
    return subject instanceof Endpoint.Unknown unknown ? unknown.why() : subject.label();
  }

  private String unread(Endpoint subject) {
    return subject instanceof Endpoint.OfPod of
        ? rules.unreadFor(of.pod().facts()).stream()
            .map(UnreadPolicy::what)
            .collect(Collectors.joining(", "))
        : "";
  }

  private String ownNode(Ruling ruling) {
    String rule = "a pod and its own node always reach each other";
    return ruling.verdict() == Verdict.ALLOWED
        ? rule
        : rule
            + " by NetworkPolicy, but networks differ in what an Admin tier can deny ("
            + policies(ruling)
            + ")";
  }

  private String policies(Ruling ruling) {
    Contact contact = ruling.contact();
    Trail trail = trail(ruling);
    if (!trail.usesTiers()) {
      return networkPolicies(contact, trail);
    }
    String networkPolicies =
        trail.isolating().isEmpty()
            ? "none isolates " + contact.subject().label()
            : networkPolicies(contact, trail);
    return words(contact).chain(trail, networkPolicies);
  }

  private static Trail trail(Ruling ruling) {
    return Objects.requireNonNull(ruling.outcome().trail(), "A ground by policies has a trail");
  }

  private TierWords words(Contact contact) {
    return new TierWords(rules.tiers(), contact);
  }

  private static String networkPolicies(Contact contact, Trail trail) {
    return switch (trail.admitted()) {
      case YES ->
          "admitted by "
              + admitting(contact, trail).collect(Collectors.joining(" and "))
              + blocks(contact, trail);
      case NO -> nearest(contact, trail, Ternary.NO);
      case UNKNOWN -> nearest(contact, trail, Ternary.UNKNOWN);
    };
  }

  private static String blocks(Contact contact, Trail trail) {
    boolean byBlock = trail.admitting().stream().anyMatch(rule -> rule.admitsPodByBlock(contact));
    return byBlock ? " (an ipBlock is taken to match pods; not every network plugin does)" : "";
  }

  private static String nearest(Contact contact, Trail trail, Ternary outcome) {
    return trail.isolating().stream()
        .flatMap(policy -> policy.nearestMiss(contact, outcome).stream())
        .min(Comparator.comparingInt(Miss::distance))
        .map(Miss::text)
        .orElseGet(
            () ->
                names(trail)
                    + " isolates "
                    + contact.subject().label()
                    + " and admits nothing; add a rule that admits "
                    + contact.peer().label());
  }

  private static String names(Trail trail) {
    return trail.isolating().stream()
        .map(policy -> Quote.of(policy.facts().name()))
        .collect(Collectors.joining(" and "));
  }

  private Stream<String> decidedBy(Ruling ruling) {
    boolean adminAgainstNode =
        ruling.ground() == Ground.OWN_NODE && ruling.verdict() != Verdict.ALLOWED;
    if (ruling.ground() != Ground.POLICIES && !adminAgainstNode) {
      return Stream.of();
    }
    Contact contact = ruling.contact();
    Trail trail = trail(ruling);
    Stream<String> tiers = words(contact).decidedBy(trail);
    return trail.admin().mayLeave() ? Stream.concat(tiers, networkRules(contact, trail)) : tiers;
  }

  private static Stream<String> networkRules(Contact contact, Trail trail) {
    return trail.admitted() == Ternary.YES
        ? admitting(contact, trail)
        : trail.isolating().stream().map(policy -> policy.facts().displayName());
  }

  private static Stream<String> admitting(Contact contact, Trail trail) {
    return trail.admitting().stream().map(rule -> rule.referenceFor(contact));
  }

  private Stream<Finding> findings(Ruling ruling) {
    if (!(ruling.contact().subject() instanceof Endpoint.OfPod of)) {
      return Stream.of();
    }
    PodFacts pod = of.pod().facts();
    var findings = new ArrayList<Finding>();
    tierFindings(Tier.ADMIN, ruling).forEach(findings::add);
    for (CompiledPolicy policy : rules.policiesOf(pod.namespace())) {
      findings.add(finding(policy, pod, ruling.contact()));
    }
    tierFindings(Tier.BASELINE, ruling).forEach(findings::add);
    return findings.stream();
  }

  /** None where the policies were not asked at all. */
  private Stream<Finding> tierFindings(Tier tier, Ruling ruling) {
    Trail trail = ruling.outcome().trail();
    TierWords words = words(ruling.contact());
    return trail == null
        ? Stream.of()
        : rules.tiers().policies().stream()
            .filter(policy -> policy.rank().tier() == tier)
            .map(policy -> words.finding(policy, trail));
  }

  private static Finding finding(CompiledPolicy policy, PodFacts pod, Contact contact) {
    String name = policy.facts().displayName();
    Direction direction = contact.direction();
    if (!policy.selects(pod)) {
      String wants = "selects pods with " + Quote.of(policy.facts().subject());
      return new Finding(name, Says.NOT_APPLICABLE, wants + ", not " + pod.displayName());
    }
    if (!policy.isolatesIn(direction)) {
      return new Finding(name, Says.NOT_APPLICABLE, "does not isolate for " + direction.field());
    }
    return switch (policy.admits(contact)) {
      case YES ->
          new Finding(
              policy.admittingRule(contact).orElseThrow().referenceFor(contact),
              Says.ADMITS,
              contact.peer().label() + " on " + contact.portText());
      case NO -> new Finding(name, Says.DOES_NOT_ADMIT, miss(policy, contact, Ternary.NO));
      case UNKNOWN -> new Finding(name, Says.UNDECIDABLE, miss(policy, contact, Ternary.UNKNOWN));
    };
  }

  private static String miss(CompiledPolicy policy, Contact contact, Ternary outcome) {
    return policy
        .nearestMiss(contact, outcome)
        .map(Miss::text)
        .orElse("has no " + contact.direction().field() + " rule");
  }
}
