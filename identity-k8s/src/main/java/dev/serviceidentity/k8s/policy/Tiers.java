// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.ClusterPolicyFacts.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The cluster-wide policies, each tier in the order in which it is asked. */
final class Tiers {
  /** Among equals the lower name, so that the answer is at least always the same. */
  private static final Comparator<ClusterPolicyFacts> ORDER =
      Comparator.comparingInt((ClusterPolicyFacts policy) -> policy.rank().priority())
          .thenComparing(ClusterPolicyFacts::name)
          .thenComparing(ClusterPolicyFacts::kind);

  private final List<ClusterPolicyFacts> policies;
  private final Map<Direction, List<TierStep>> admin = new EnumMap<>(Direction.class);
  private final Map<Direction, List<List<TierStep>>> baseline = new EnumMap<>(Direction.class);

  Tiers(List<ClusterPolicyFacts> unordered) {
    this.policies = unordered.stream().sorted(ORDER).toList();
    for (Direction direction : Direction.values()) {
      List<TierStep> clusterPolicies = new ArrayList<>();
      List<TierStep> predecessors = new ArrayList<>();
      admin.put(direction, new ArrayList<>());
      for (ClusterPolicyFacts policy : policies) {
        List<TierStep> last =
            policy.kind() == Kind.BASELINE_ADMIN_NETWORK_POLICY ? predecessors : clusterPolicies;
        (policy.rank().tier() == Tier.ADMIN ? admin.get(direction) : last)
            .addAll(steps(policy, direction));
      }
      baseline.put(direction, orders(clusterPolicies, predecessors));
    }
  }

  private static List<TierStep> steps(ClusterPolicyFacts policy, Direction direction) {
    int size = policy.rules().getOrDefault(direction, List.of()).size();
    return Stream.iterate(0, i -> i < size, i -> i + 1)
        .map(i -> TierStep.compile(policy, direction, i))
        .toList();
  }

  /** Nobody says which of the two kinds of baseline goes first, so each order may be the one. */
  private static List<List<TierStep>> orders(List<TierStep> one, List<TierStep> other) {
    List<TierStep> first = Stream.concat(one.stream(), other.stream()).toList();
    List<TierStep> second = Stream.concat(other.stream(), one.stream()).toList();
    return one.isEmpty() || other.isEmpty() ? List.of(first) : List.of(first, second);
  }

  List<ClusterPolicyFacts> policies() {
    return policies;
  }

  List<TierStep> admin(Direction direction) {
    return admin.getOrDefault(direction, List.of());
  }

  /** Each order in which the network may ask the Baseline tier. */
  List<List<TierStep>> baseline(Direction direction) {
    return baseline.getOrDefault(direction, List.of());
  }

  /** The course that a flow would take if there were only one policy. */
  TierCourse alone(ClusterPolicyFacts policy, Contact contact) {
    return TierCourse.of(
        Stream.concat(
                admin(contact.direction()).stream(),
                baseline(contact.direction()).stream().limit(1).flatMap(List::stream))
            .filter(step -> step.policy().equals(policy))
            .filter(step -> step.matches(contact) != Ternary.NO)
            .map(step -> new TierCourse.Turn(step, step.matches(contact) == Ternary.YES)));
  }

  /** Rules of policies with the same rank that may match as well and do something else. */
  List<TierStep> rivals(TierStep decided, Contact contact) {
    return policies.stream()
        .filter(policy -> policy.rank().equals(decided.policy().rank()))
        .filter(policy -> !policy.equals(decided.policy()))
        .filter(policy -> isPeerKind(policy.kind(), decided.policy().kind()))
        .flatMap(policy -> alone(policy, contact).turns().stream().limit(1))
        .map(TierCourse.Turn::step)
        .filter(step -> step.facts().action() != decided.facts().action())
        .toList();
  }

  private static boolean isPeerKind(Kind one, Kind other) {
    return (one == Kind.BASELINE_ADMIN_NETWORK_POLICY)
        == (other == Kind.BASELINE_ADMIN_NETWORK_POLICY);
  }
}
