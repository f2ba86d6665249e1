// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Outcome.Ground;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Finding;
import dev.serviceidentity.network.Explanation.Part;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in words what the compiled policies decided, by asking the same compiled policies. */
record Explainer(String asked, Side side, Rulebook rules) {

  static Explainer ofClass(Contact contact, Rulebook rules) {
    return new Explainer("the flow", contact.direction().side(), rules);
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
        example.parts(),
        example.decidedBy());
  }

  Explanation explain(List<FlowCase> cases) {
    FlowCase shown = cases.get(0);
    boolean agreed = cases.stream().allMatch(each -> each.verdict() == shown.verdict());
    String summary =
        agreed
            ? summary(shown) + others(cases)
            : "%s is undecidable: %s.".formatted(Quote.plain(asked), disagreement(cases));
    List<Ruling> rulings =
        (agreed ? Stream.of(shown) : cases.stream())
            .flatMap(each -> each.rulings().stream())
            .toList();
    return new Explanation(
        summary, parts(rulings), rulings.stream().flatMap(this::decidedBy).distinct().toList());
  }

  /** Ends of which no address is known are the same pair in each family. */
  private static String others(List<FlowCase> cases) {
    long count =
        cases.stream().map(each -> each.from().label() + each.to().label()).distinct().count() - 1;
    return count == 0 ? "" : " The same holds for " + count + " more pair(s) of addresses.";
  }

  private static String disagreement(List<FlowCase> cases) {
    return cases.stream()
        .map(
            each ->
                "it is %s from %s to %s%s"
                    .formatted(
                        word(each.verdict()),
                        each.from().label(),
                        each.to().label(),
                        family(each.from(), each.to())))
        .collect(Collectors.joining(", but "));
  }

  /** Where no address shows it. */
  private static String family(Endpoint from, Endpoint to) {
    IpAddress.Family family = from.family();
    return family == null || from.address() != null || to.address() != null
        ? ""
        : " over " + family;
  }

  private String summary(FlowCase shown) {
    String port = shown.rulings().get(0).contact().portText();
    return "%s → %s, %s, is %s%s%s."
        .formatted(
            shown.from().label(),
            shown.to().label(),
            port,
            word(shown.verdict()),
            shown.verdict() == Verdict.DENIED ? by(shown.rulings()) : "",
            notChecked());
  }

  private static String by(List<Ruling> rulings) {
    return rulings.stream()
        .filter(ruling -> ruling.verdict() == Verdict.DENIED)
        .map(Ruling::contact)
        .map(contact -> contact.direction().field() + " of " + contact.subject().name())
        .collect(Collectors.joining(" and by ", " by ", ""));
  }

  private String notChecked() {
    return switch (side) {
      case INGRESS -> "; egress: not checked";
      case EGRESS -> "; ingress: not checked";
      case BOTH -> "";
    };
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case ALLOWED -> "allowed";
      case DENIED -> "denied";
      case UNDECIDABLE -> "undecidable";
    };
  }

  /** Where those of one side differ, each says which flow it is of. */
  private List<Part> parts(List<Ruling> rulings) {
    Map<Side, Set<Part>> different =
        rulings.stream()
            .map(ruling -> part(ruling, ruling.contact().subject().name()))
            .collect(Collectors.groupingBy(Part::side, Collectors.toSet()));
    return rulings.stream()
        .map(
            ruling -> {
              Contact contact = ruling.contact();
              Set<Part> ofSide = different.getOrDefault(contact.direction().side(), Set.of());
              return part(ruling, ofSide.size() == 1 ? contact.subject().name() : flow(contact));
            })
        .distinct()
        .toList();
  }

  private static String flow(Contact contact) {
    return "%s %s %s%s"
        .formatted(
            contact.subject().label(),
            contact.direction().peerField(),
            contact.peer().label(),
            family(contact.subject(), contact.peer()));
  }

  private Part part(Ruling ruling, String of) {
    Contact contact = ruling.contact();
    return new Part(
        contact.direction().side(),
        of,
        ruling.verdict(),
        new Reason(ruling, rules).text(),
        findings(ruling));
  }

  private TierWords words(Contact contact) {
    return new TierWords(rules.tiers(), contact);
  }

  private Stream<String> decidedBy(Ruling ruling) {
    boolean adminAgainstNode =
        ruling.ground() == Ground.OWN_NODE && ruling.verdict() != Verdict.ALLOWED;
    if (ruling.ground() != Ground.POLICIES && !adminAgainstNode) {
      return Stream.of();
    }
    Contact contact = ruling.contact();
    Trail trail = Reason.trail(ruling);
    Stream<String> tiers = words(contact).decidedBy(trail);
    return trail.admin().mayLeave() ? Stream.concat(tiers, networkRules(contact, trail)) : tiers;
  }

  private static Stream<String> networkRules(Contact contact, Trail trail) {
    return trail.admitted() == Ternary.YES
        ? trail.admitting().stream().map(rule -> rule.referenceFor(contact))
        : trail.isolating().stream().map(policy -> policy.facts().displayName());
  }

  private List<Finding> findings(Ruling ruling) {
    if (!(ruling.contact().subject() instanceof Endpoint.OfPod of)) {
      return List.of();
    }
    PodFacts pod = of.pod().facts();
    var findings = new ArrayList<Finding>();
    tierFindings(Tier.ADMIN, ruling).forEach(findings::add);
    told(pod).forEach(policy -> findings.add(finding(policy, pod, ruling.contact())));
    tierFindings(Tier.BASELINE, ruling).forEach(findings::add);
    return findings;
  }

  /** The policies of the pod's namespace; of those that dispute a name only one. */
  private Stream<CompiledPolicy> told(PodFacts pod) {
    List<CompiledPolicy> all = rules.policiesOf(pod.namespace());
    var disputed = new HashMap<String, CompiledPolicy>();
    all.stream()
        .filter(policy -> policy.facts().flaw() != null)
        .forEach(
            policy ->
                disputed.merge(
                    policy.facts().name(), policy, (one, other) -> one.selects(pod) ? one : other));
    return all.stream()
        .filter(policy -> policy.facts().flaw() == null || disputed.containsValue(policy));
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
    PolicyFacts.Flaw flaw = policy.facts().flaw();
    if (flaw != null) {
      return new Finding(
          name, Says.MALFORMED, "closed; " + flaw.remedy() + " (" + flaw.place() + ")");
    }
    return switch (policy.admits(contact)) {
      case YES -> admitted(policy.admittingRule(contact).orElseThrow(), contact);
      case NO -> new Finding(name, Says.DOES_NOT_ADMIT, miss(policy, contact, Ternary.NO));
      case UNKNOWN -> new Finding(name, Says.UNDECIDABLE, miss(policy, contact, Ternary.UNKNOWN));
    };
  }

  private static Finding admitted(CompiledRule rule, Contact contact) {
    return new Finding(rule.referenceFor(contact), Says.ADMITS, rule.matched(contact));
  }

  private static String miss(CompiledPolicy policy, Contact contact, Ternary outcome) {
    return policy
        .nearestMiss(contact, outcome)
        .map(miss -> "it " + miss.text("admits"))
        .orElse("it has no " + contact.direction().field() + " rule");
  }
}
