// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** The two groups of cluster-wide policies, asked before and after the NetworkPolicies. */
public enum Tier {
  /** Asked first; what it accepts or denies, no NetworkPolicy changes. */
  ADMIN("Admin"),
  /** Asked last, and only where no NetworkPolicy isolates the pod. */
  BASELINE("Baseline");

  private final String text;

  Tier(String text) {
    this.text = text;
  }

  /** Returns the name that policies use. */
  @Override
  public String toString() {
    return text;
  }
}
