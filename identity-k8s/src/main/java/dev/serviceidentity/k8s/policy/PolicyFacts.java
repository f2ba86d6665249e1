// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One NetworkPolicy.
 *
 * @param namespace where it is, and whose pods it selects
 * @param name its name
 * @param subject the pods that it isolates
 * @param rules for each direction in which it isolates, what it still admits; a direction that is
 *     not among the keys is left alone, one without rules is closed
 * @param flaw why it is closed and not taken as it is written, or null if it is taken so
 */
public record PolicyFacts(
    String namespace,
    String name,
    LabelSelector subject,
    Map<Direction, List<Rule>> rules,
    @Nullable Flaw flaw) {

  /**
   * What is wrong with a policy as a whole, for people.
   *
   * @param problem what it is, such as {@code malformed}
   * @param place where it is written, such as {@code policies.yaml:7}
   * @param remedy what to do about it
   * @param written the pods that it seems to be for
   */
  public record Flaw(String problem, String place, String remedy, LabelSelector written) {
    /**
     * Checks that nothing is missing.
     *
     * @param problem what it is
     * @param place where it is written
     * @param remedy what to do about it
     * @param written the pods that it seems to be for
     */
    public Flaw {
      Objects.requireNonNull(problem, "problem");
      Objects.requireNonNull(place, "place");
      Objects.requireNonNull(remedy, "remedy");
      Objects.requireNonNull(written, "written");
    }
  }

  /**
   * Copies the rules.
   *
   * @param namespace where it is
   * @param name its name
   * @param subject the pods that it isolates
   * @param rules what it admits in each direction in which it isolates
   * @param flaw why it is closed, or null
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
   * A policy that is taken as it is written.
   *
   * @param namespace where it is
   * @param name its name
   * @param subject the pods that it isolates
   * @param rules what it admits in each direction in which it isolates
   */
  public PolicyFacts(
      String namespace, String name, LabelSelector subject, Map<Direction, List<Rule>> rules) {
    this(namespace, name, subject, rules, null);
  }

  /**
   * The same policy, with what is wrong with it.
   *
   * @param why what explanations say of it
   * @return a policy that decides as this one does
   */
  public PolicyFacts flawed(Flaw why) {
    return new PolicyFacts(namespace, name, subject, rules, why);
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
