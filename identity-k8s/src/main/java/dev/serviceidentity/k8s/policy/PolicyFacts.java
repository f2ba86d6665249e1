// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One NetworkPolicy.
 *
 * @param namespace where it is, and whose pods it selects
 * @param name its name
 * @param subject the pods that it isolates
 * @param rules for each direction in which it isolates, what it still admits; a direction that is
 *     not among the keys is left alone, one without rules is closed
 */
public record PolicyFacts(
    String namespace, String name, LabelSelector subject, Map<Direction, List<Rule>> rules) {
  /**
   * Copies the rules.
   *
   * @param namespace where it is
   * @param name its name
   * @param subject the pods that it isolates
   * @param rules what it admits in each direction in which it isolates
   */
  public PolicyFacts {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(subject, "subject");
    var copy = new EnumMap<Direction, List<Rule>>(Direction.class);
    rules.forEach((direction, list) -> copy.put(direction, List.copyOf(list)));
    rules = Map.copyOf(copy);
  }

  /**
   * A policy of which nothing but its place can be trusted: it closes both directions.
   *
   * @param namespace where it is
   * @param name its name
   * @param subject the pods that it isolates
   * @return the policy
   */
  public static PolicyFacts closed(String namespace, String name, LabelSelector subject) {
    return new PolicyFacts(
        namespace,
        name,
        subject,
        Map.of(Direction.INGRESS, List.of(), Direction.EGRESS, List.of()));
  }

  /**
   * What people call the policy.
   *
   * @return {@code namespace/name}
   */
  public String displayName() {
    return namespace + "/" + name;
  }
}
