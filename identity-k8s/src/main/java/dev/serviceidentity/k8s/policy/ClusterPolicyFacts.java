// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One cluster-wide policy of the Network Policy API, {@code policy.networking.k8s.io}.
 *
 * @param kind which of the kinds
 * @param name its name
 * @param rank when it is asked
 * @param subject the pods that it is about; they are not isolated by it
 * @param rules what it does with flows, for each direction from the top down
 * @see <a href="https://network-policy-api.sigs.k8s.io/">Network Policy API</a>
 */
public record ClusterPolicyFacts(
    Kind kind, String name, Rank rank, Peer.Pods subject, Map<Direction, List<TierRule>> rules) {

  /** The kinds of cluster-wide policies. */
  public enum Kind {
    /** {@code v1alpha2}, of either tier. */
    CLUSTER_NETWORK_POLICY("ClusterNetworkPolicy"),
    /** {@code v1alpha1}; shares one order with the others of the Admin tier. */
    ADMIN_NETWORK_POLICY("AdminNetworkPolicy"),
    /** {@code v1alpha1}; at most one, without a priority among others of the Baseline tier. */
    BASELINE_ADMIN_NETWORK_POLICY("BaselineAdminNetworkPolicy");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** An action as manifests of this kind write it. */
    String wordFor(TierRule.Action action) {
      return action == TierRule.Action.ACCEPT && this != CLUSTER_NETWORK_POLICY
          ? "Allow"
          : action.toString();
    }

    /** Returns the kind as manifests write it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * When a policy is asked.
   *
   * @param tier before or after the NetworkPolicies
   * @param priority the lower is asked first; who goes first among equals nobody says
   */
  public record Rank(Tier tier, int priority) {
    /**
     * Checks that nothing is missing.
     *
     * @param tier before or after the NetworkPolicies
     * @param priority the lower is asked first
     */
    public Rank {
      Objects.requireNonNull(tier, "tier");
    }
  }

  /**
   * Copies the rules.
   *
   * @param kind which of the kinds
   * @param name its name
   * @param rank when it is asked
   * @param subject the pods that it is about
   * @param rules what it does with flows in each direction
   * @throws IllegalArgumentException if the subject does not choose namespaces: no namespace is the
   *     policy's own
   */
  public ClusterPolicyFacts {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(rank, "rank");
    if (subject.namespaces() == null) {
      throw new IllegalArgumentException("A cluster-wide policy chooses namespaces");
    }
    var copy = new EnumMap<Direction, List<TierRule>>(Direction.class);
    rules.forEach((direction, list) -> copy.put(direction, List.copyOf(list)));
    rules = Map.copyOf(copy);
  }

  /**
   * What people call the policy.
   *
   * @return {@code kind/name}
   */
  public String displayName() {
    return kind + "/" + name;
  }
}
