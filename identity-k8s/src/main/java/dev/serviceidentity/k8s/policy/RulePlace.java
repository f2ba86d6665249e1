// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** Where a rule is written. The policy's name is short, the reference is stable. */
record RulePlace(String policyName, String reference, Direction direction) {

  static RulePlace of(String policyName, String policy, Direction direction, int index) {
    return new RulePlace(
        policyName, policy + " " + direction.field() + "[" + index + "]", direction);
  }
}
