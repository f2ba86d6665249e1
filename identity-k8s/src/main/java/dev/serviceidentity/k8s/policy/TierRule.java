// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Objects;

/**
 * One rule of a cluster-wide policy: what to do with the flows that it matches.
 *
 * @param name what its author calls it; empty if it has no name
 * @param action what to do
 * @param flows the flows that it matches
 * @param problem why it was not taken as it is written; empty if it was
 */
public record TierRule(String name, Action action, Rule flows, String problem) {
  /** What a rule does with a flow. */
  public enum Action {
    /** Permits it, finally. */
    ACCEPT("Accept"),
    /** Forbids it, finally. */
    DENY("Deny"),
    /** Leaves the tier. */
    PASS("Pass");

    private final String text;

    Action(String text) {
      this.text = text;
    }

    /** Returns the name that ClusterNetworkPolicies use. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Checks that nothing is missing.
   *
   * @param name what its author calls it
   * @param action what to do
   * @param flows the flows that it matches
   * @param problem why it was not taken as it is written
   */
  public TierRule {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(flows, "flows");
    Objects.requireNonNull(problem, "problem");
  }

  /**
   * A rule that is not understood as a whole, such as one with a peer of a kind to come. It fails
   * closed, as the API asks of implementations: one that accepts matches nothing, any other denies
   * everything, because what it was to stop is not known.
   *
   * @param name what its author calls it
   * @param action what it was to do
   * @param problem what is wrong with it
   * @return the rule
   */
  public static TierRule malformed(String name, Action action, String problem) {
    return action == Action.ACCEPT
        ? new TierRule(name, action, Rule.malformed(problem), problem)
        : new TierRule(name, Action.DENY, new Rule(List.of(), List.of()), problem);
  }
}
