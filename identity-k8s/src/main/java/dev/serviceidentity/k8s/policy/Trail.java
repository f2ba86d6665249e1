// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Objects;

/**
 * What the policies of every tier say about one flow at one of its ends, and what comes of it. All
 * of it holds for every flow of the same classes, whatever pods these are.
 */
record Trail(
    TierCourse admin,
    List<CompiledPolicy> isolating,
    Ternary admitted,
    List<CompiledRule> admitting,
    List<TierCourse> baseline) {

  /** Without the policies that isolate: trails that are compared have them in common. */
  @Override
  public int hashCode() {
    return Objects.hash(admin, admitted, admitting, baseline);
  }

  /** The Admin tier, then the NetworkPolicies if any isolates, else the Baseline tier. */
  Ternary permits() {
    return admin.permits(Ternary.NO, isolating.isEmpty() ? permitsByBaseline() : admitted);
  }

  /**
   * The same for traffic with the pod's own node, which only the Admin tier may stop; whether it
   * does, differs.
   */
  Ternary permitsOwnNode() {
    return admin.permits(Ternary.UNKNOWN, Ternary.YES);
  }

  Ternary permitsByBaseline() {
    Ternary result = baseline.get(0).permits(Ternary.NO, Ternary.YES);
    for (TierCourse course : baseline) {
      result = result.either(course.permits(Ternary.NO, Ternary.YES));
    }
    return result;
  }

  boolean reachesBaseline() {
    return admin.mayLeave() && isolating.isEmpty();
  }

  /** Whether a rule of a tier has a say. */
  boolean usesTiers() {
    return !admin.turns().isEmpty()
        || (reachesBaseline() && baseline.stream().anyMatch(c -> !c.turns().isEmpty()));
  }
}
