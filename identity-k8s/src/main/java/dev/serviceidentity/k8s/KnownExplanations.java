// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The explanations of flows that one view permits. Every access event names the rules that decided,
 * and who may call calls again, while to put an explanation into words costs more than all layers
 * together.
 */
final class KnownExplanations {
  /** Some two megabytes; then all are made again. */
  static final int MOST = 1024;

  private final Map<Flow, Explanation> known = new ConcurrentHashMap<>();
  private final Function<Flow, Explanation> explain;

  KnownExplanations(Function<Flow, Explanation> explain) {
    this.explain = explain;
  }

  Explanation of(Flow flow) {
    Explanation explanation = known.get(flow);
    if (explanation == null) {
      explanation = explain.apply(flow);
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(flow, explanation);
    }
    return explanation;
  }
}
