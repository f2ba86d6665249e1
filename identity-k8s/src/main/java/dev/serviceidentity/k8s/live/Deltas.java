// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.policy.PolicyEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What has changed since the last engine was made. */
final class Deltas {
  /** So many steps cost about as much as a new engine. */
  private static final int MOST_STEPS = 1_000;

  private final List<UnaryOperator<PolicyEngine>> steps = new ArrayList<>();
  private boolean anew = true;
  private boolean any = true;
  private boolean beside = true;

  void step(UnaryOperator<PolicyEngine> step) {
    any = true;
    if (steps.size() == MOST_STEPS) {
      anew();
    } else if (!anew) {
      steps.add(step);
    }
  }

  /** Something has changed that no step can follow. */
  void anew() {
    beside();
    anew = true;
    steps.clear();
  }

  /** Something has changed that engines do not look at. */
  void beside() {
    any = true;
    beside = true;
  }

  boolean areBeside() {
    return beside;
  }

  boolean areNone() {
    return !any;
  }

  /** The engine after all changes; there are none afterwards. */
  PolicyEngine applyTo(@Nullable PolicyEngine last, Supplier<PolicyEngine> compiler) {
    PolicyEngine engine = last == null || anew ? compiler.get() : last;
    for (UnaryOperator<PolicyEngine> step : steps) {
      engine = step.apply(engine);
    }
    steps.clear();
    anew = false;
    any = false;
    beside = false;
    return engine;
  }
}
