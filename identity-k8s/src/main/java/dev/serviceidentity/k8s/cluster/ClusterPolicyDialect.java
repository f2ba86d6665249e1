// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.ClusterPolicyFacts.Kind;
import dev.serviceidentity.k8s.policy.TierRule.Action;
import java.util.Optional;

/** How one kind of cluster-wide policy words what all of them say. */
enum ClusterPolicyDialect {
  CLUSTER_NETWORK_POLICY(Kind.CLUSTER_NETWORK_POLICY, "Accept", "protocols", 25),
  ADMIN_NETWORK_POLICY(Kind.ADMIN_NETWORK_POLICY, "Allow", "ports", 100),
  BASELINE_ADMIN_NETWORK_POLICY(Kind.BASELINE_ADMIN_NETWORK_POLICY, "Allow", "ports", 100);

  static final int HIGHEST_PRIORITY = 1000;
  static final int MOST_NETWORKS = 25;

  /** The only name that the API server takes for a baseline of v1alpha1. */
  static final String ONLY_BASELINE = "default";

  private final Kind kind;
  private final String accept;
  private final String portsField;
  private final int most;

  ClusterPolicyDialect(Kind kind, String accept, String portsField, int most) {
    this.kind = kind;
    this.accept = accept;
    this.portsField = portsField;
    this.most = most;
  }

  /** The kind of an object, if this version evaluates it. */
  static Optional<ClusterPolicyDialect> of(String apiVersion, String kind) {
    return switch (apiVersion + " " + kind) {
      case "policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy" ->
          Optional.of(CLUSTER_NETWORK_POLICY);
      case "policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy" ->
          Optional.of(ADMIN_NETWORK_POLICY);
      case "policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy" ->
          Optional.of(BASELINE_ADMIN_NETWORK_POLICY);
      default -> Optional.empty();
    };
  }

  Kind kind() {
    return kind;
  }

  /** The field of a rule that holds its ports. */
  String portsField() {
    return portsField;
  }

  /** How many rules a direction, and how many peers and ports a rule may have. */
  int most() {
    return most;
  }

  boolean isBaseline() {
    return this == BASELINE_ADMIN_NETWORK_POLICY;
  }

  Optional<Action> action(String word) {
    if (word.equals(accept)) {
      return Optional.of(Action.ACCEPT);
    }
    return switch (word) {
      case "Deny" -> Optional.of(Action.DENY);
      case "Pass" -> isBaseline() ? Optional.empty() : Optional.of(Action.PASS);
      default -> Optional.empty();
    };
  }

  String actions() {
    return isBaseline() ? accept + " or Deny" : accept + ", Deny or Pass";
  }
}
