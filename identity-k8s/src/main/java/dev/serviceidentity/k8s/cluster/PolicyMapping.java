// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.Problems.Problem;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.Quote;
import dev.serviceidentity.k8s.policy.Rule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Maps a NetworkPolicy v1 of the API's model to the engine's facts. Fails closed part by part: a
 * malformed peer or port matches nothing, a malformed rule admits nothing, a policy malformed
 * beyond that isolates in both directions, and one that may choose other pods than it seems to
 * chooses all of its namespace.
 */
final class PolicyMapping {
  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath INGRESS = SPEC.field("ingress");
  private static final FieldPath EGRESS = SPEC.field("egress");
  private static final FieldPath TYPES = SPEC.field("policyTypes");

  private final Problems problems;
  private final SelectorMapping selectors;
  private final RuleMapping rules;

  PolicyMapping(Problems problems) {
    this.problems = problems;
    this.selectors = new SelectorMapping(problems);
    this.rules = new RuleMapping(problems, selectors);
  }

  MappedPolicy map(String namespace, String name, NetworkPolicy policy) {
    ModelFields.rejectUnknown(policy.getAdditionalProperties(), FieldPath.ROOT, problems);
    NetworkPolicySpec spec =
        Objects.requireNonNullElseGet(policy.getSpec(), NetworkPolicySpec::new);
    ModelFields.rejectUnknown(spec.getAdditionalProperties(), SPEC, problems);
    LabelSelector subject = selectors.map(spec.getPodSelector(), SPEC.field("podSelector"));
    Map<Direction, List<Rule>> written = rules(spec);
    Set<Direction> types =
        types(
            ModelFields.orEmpty(spec.getPolicyTypes()),
            !ModelFields.orEmpty(spec.getEgress()).isEmpty());
    Optional<Problem> problem = problems.firstErrorIn(FieldPath.ROOT, INGRESS, EGRESS);
    if (problem.isPresent()) {
      boolean certain = !problems.hasErrorsOutside(METADATA, INGRESS, EGRESS, TYPES);
      LabelSelector closed = certain ? subject : LabelSelector.EVERYTHING;
      return new MappedPolicy(PolicyFacts.closed(namespace, name, closed), subject, problem.get());
    }
    written.keySet().retainAll(types);
    return new MappedPolicy(new PolicyFacts(namespace, name, subject, written), subject, null);
  }

  private Set<Direction> types(List<String> written, boolean anyEgressRule) {
    if (written.isEmpty()) {
      return Direction.impliedBy(anyEgressRule);
    }
    var types = EnumSet.noneOf(Direction.class);
    for (int i = 0; i < written.size(); i++) {
      switch (ModelFields.orEmpty(written.get(i))) {
        case "Ingress" -> types.add(Direction.INGRESS);
        case "Egress" -> types.add(Direction.EGRESS);
        default ->
            problems.error(
                TYPES.index(i),
                "must be Ingress or Egress, not " + Quote.of(ModelFields.orEmpty(written.get(i))));
      }
    }
    return types;
  }

  private Map<Direction, List<Rule>> rules(NetworkPolicySpec spec) {
    var all = new EnumMap<Direction, List<Rule>>(Direction.class);
    var ingress = new ArrayList<Rule>();
    for (NetworkPolicyIngressRule rule : ModelFields.orEmpty(spec.getIngress())) {
      FieldPath at = INGRESS.index(ingress.size());
      ModelFields.rejectUnknown(rule.getAdditionalProperties(), at, problems);
      ingress.add(rules.map(Direction.INGRESS, rule.getFrom(), rule.getPorts(), at));
    }
    all.put(Direction.INGRESS, ingress);
    var egress = new ArrayList<Rule>();
    for (NetworkPolicyEgressRule rule : ModelFields.orEmpty(spec.getEgress())) {
      FieldPath at = EGRESS.index(egress.size());
      ModelFields.rejectUnknown(rule.getAdditionalProperties(), at, problems);
      egress.add(rules.map(Direction.EGRESS, rule.getTo(), rule.getPorts(), at));
    }
    all.put(Direction.EGRESS, egress);
    return all;
  }
}
