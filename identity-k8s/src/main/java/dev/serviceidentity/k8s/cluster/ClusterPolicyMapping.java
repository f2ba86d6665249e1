// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.ClusterPolicyFacts;
import dev.serviceidentity.k8s.policy.ClusterPolicyFacts.Rank;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.Peer;
import dev.serviceidentity.k8s.policy.Tier;
import dev.serviceidentity.k8s.policy.TierRule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Maps a cluster-wide policy to the engine's facts. A rule that is not understood fails closed by
 * itself; a policy of which not even the rank, the subject or the number of rules is understood is
 * not mapped, and nothing can be decided beside it.
 */
final class ClusterPolicyMapping {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String INGRESS = "ingress";
  private static final String EGRESS = "egress";

  private final ClusterPolicyDialect dialect;
  private final Problems problems;
  private final SubjectMapping subjects;

  ClusterPolicyMapping(ClusterPolicyDialect dialect, Problems problems, ModelReader models) {
    this.dialect = dialect;
    this.problems = problems;
    this.subjects = new SubjectMapping(problems, models);
  }

  Optional<ClusterPolicyFacts> map(String name, Map<String, Object> fields) {
    Part root = Part.of(fields, FieldPath.ROOT, problems);
    root.rejectOthersThan(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    Part spec = root.part("spec");
    checkFields(name, spec);
    Optional<Rank> rank = rank(spec);
    Optional<Peer.Pods> subject = subjects.map(spec.part("subject"));
    var rules = new EnumMap<Direction, List<TierRule>>(Direction.class);
    rules.put(Direction.INGRESS, rules(spec, Direction.INGRESS));
    rules.put(Direction.EGRESS, rules(spec, Direction.EGRESS));
    Optional<String> broken =
        problems.errorIn(FieldPath.ROOT, SPEC.field(INGRESS), SPEC.field(EGRESS));
    return broken.isPresent() || rank.isEmpty() || subject.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ClusterPolicyFacts(dialect.kind(), name, rank.get(), subject.get(), rules));
  }

  private void checkFields(String name, Part spec) {
    Stream<String> always = Stream.of("subject", INGRESS, EGRESS);
    Stream<String> own =
        switch (dialect) {
          case CLUSTER_NETWORK_POLICY -> Stream.of("tier", "priority");
          case ADMIN_NETWORK_POLICY -> Stream.of("priority");
          case BASELINE_ADMIN_NETWORK_POLICY -> Stream.of();
        };
    spec.rejectOthersThan(Set.copyOf(Stream.concat(always, own).toList()));
    if (dialect.isBaseline() && !name.equals(ClusterPolicyDialect.ONLY_BASELINE)) {
      problems.error(
          FieldPath.of("metadata", "name"), "must be " + ClusterPolicyDialect.ONLY_BASELINE);
    }
  }

  private Optional<Rank> rank(Part spec) {
    if (dialect.isBaseline()) {
      return Optional.of(new Rank(Tier.BASELINE, 0));
    }
    Optional<Tier> tier =
        dialect == ClusterPolicyDialect.CLUSTER_NETWORK_POLICY
            ? tier(spec)
            : Optional.of(Tier.ADMIN);
    Optional<Integer> priority = spec.number("priority", 0, ClusterPolicyDialect.HIGHEST_PRIORITY);
    return tier.flatMap(known -> priority.map(number -> new Rank(known, number)));
  }

  private Optional<Tier> tier(Part spec) {
    String written = spec.text("tier");
    Optional<Tier> tier =
        Stream.of(Tier.values()).filter(each -> each.toString().equals(written)).findFirst();
    if (tier.isEmpty()) {
      problems.errorUnlessExplained(SPEC.field("tier"), "must be Admin or Baseline");
    }
    return tier;
  }

  private List<TierRule> rules(Part spec, Direction direction) {
    spec.bound(direction.field(), 0, dialect.most());
    var rules = new ArrayList<TierRule>();
    var mapping = new TierRuleMapping(dialect, direction, subjects);
    spec.parts(direction.field()).forEach(rule -> rules.add(mapping.map(rule)));
    return rules;
  }
}
