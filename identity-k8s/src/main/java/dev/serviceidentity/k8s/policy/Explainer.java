// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Finding;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in words what the compiled policies decided, by asking the same compiled policies. */
record Explainer(Flow flow, ClusterIndex index, Evaluator evaluator) {

  static Explanation noFlow(Flow flow, String problem) {
    String why = problem.isEmpty() ? "the two have no address family in common" : problem;
    return new Explanation(Quote.plain(flow) + " is undecidable: " + why, List.of(), List.of());
  }

  Explanation explain(List<FlowCase> cases) {
    FlowCase shown = cases.get(0);
    boolean agreed = cases.stream().allMatch(each -> each.verdict() == shown.verdict());
    String summary =
        agreed
            ? summary(shown) + others(cases.size() - 1)
            : "%s is undecidable: %s".formatted(Quote.plain(flow), disagreement(cases));
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
    text.append(", %s %d, is %s".formatted(flow.protocol(), flow.port(), word(shown.verdict())));
    for (Ruling ruling : shown.rulings()) {
      text.append("; ").append(ruling.contact().direction().field()).append(": ");
      text.append(ground(ruling));
    }
    if (flow.side() == Flow.Side.INGRESS) {
      text.append("; egress: not checked");
    } else if (flow.side() == Flow.Side.EGRESS) {
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
      case SELF -> "a pod always reaches itself on its own addresses";
      case OWN_NODE -> "a pod and its own node always reach each other";
      case UNREAD -> "not evaluated, and could change the answer: " + unread(subject);
      case NOT_ISOLATED -> "no policy isolates " + subject.label();
      case POLICIES -> byPolicies(ruling);
      case PERHAPS_EXEMPT ->
          "the policies do not admit it (%s), but whether it is traffic of the pod itself or of its own node is not known"
              .formatted(nearest(contact, Ternary.NO));
    };
  }

  private static String whyUnknown(Endpoint subject) {
    return subject instanceof Endpoint.Unknown unknown ? unknown.why() : subject.label();
  }

  private String unread(Endpoint subject) {
    return subject instanceof Endpoint.OfPod of
        ? evaluator.unreadFor(of.pod()).stream()
            .map(UnreadPolicy::what)
            .collect(Collectors.joining(", "))
        : "";
  }

  private String byPolicies(Ruling ruling) {
    Contact contact = ruling.contact();
    return switch (ruling.verdict()) {
      case ALLOWED ->
          "admitted by " + decidedBy(ruling).collect(Collectors.joining(" and ")) + blocks(contact);
      case DENIED -> nearest(contact, Ternary.NO);
      case UNDECIDABLE -> nearest(contact, Ternary.UNKNOWN);
    };
  }

  private static String blocks(Contact contact) {
    boolean byBlock =
        isolating(contact).stream()
            .flatMap(policy -> policy.admittingRule(contact).stream())
            .anyMatch(rule -> rule.admitsPodByBlock(contact));
    return byBlock ? " (an ipBlock is taken to match pods; not every network plugin does)" : "";
  }

  private static String nearest(Contact contact, Ternary outcome) {
    return isolating(contact).stream()
        .flatMap(policy -> policy.nearestMiss(contact, outcome).stream())
        .min(Comparator.comparingInt(Miss::distance))
        .map(Miss::text)
        .orElseGet(
            () ->
                names(contact)
                    + " isolates "
                    + contact.subject().label()
                    + " and admits nothing; add a rule that admits "
                    + contact.peer().label());
  }

  private static String names(Contact contact) {
    return isolating(contact).stream()
        .map(policy -> Quote.of(policy.facts().name()))
        .collect(Collectors.joining(" and "));
  }

  private static List<CompiledPolicy> isolating(Contact contact) {
    return contact.subject() instanceof Endpoint.OfPod of
        ? of.pod().isolatedBy(contact.direction())
        : List.of();
  }

  private Stream<String> decidedBy(Ruling ruling) {
    if (ruling.ground() != Ruling.Ground.POLICIES) {
      return Stream.of();
    }
    Contact contact = ruling.contact();
    return ruling.verdict() == Verdict.ALLOWED
        ? isolating(contact).stream()
            .flatMap(policy -> policy.admittingRule(contact).stream())
            .map(rule -> rule.referenceFor(contact))
        : isolating(contact).stream().map(policy -> policy.facts().displayName());
  }

  private Stream<Finding> findings(Ruling ruling) {
    if (!(ruling.contact().subject() instanceof Endpoint.OfPod of)) {
      return Stream.of();
    }
    PodFacts pod = of.pod().facts();
    var findings = new ArrayList<Finding>();
    for (CompiledPolicy policy : index.policiesOf(pod.namespace())) {
      findings.add(finding(policy, pod, ruling.contact()));
    }
    return findings.stream();
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
