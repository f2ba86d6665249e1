// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Requests that wait for what the API does not show yet. Each ends as soon as a view shows it, or
 * in time. Nothing bounds their number here: who waits has been let in by a budget. Thread-safe.
 */
final class Arrivals {
  private final Duration longest;
  private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

  /** One that waits; the same as no other one. */
  private static final class Wait {
    private final BooleanSupplier condition;
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    Wait(BooleanSupplier condition) {
      this.condition = condition;
    }
  }

  Arrivals(Duration longest) {
    this.longest = longest;
  }

  CompletionStage<Boolean> await(BooleanSupplier condition) {
    var wait = new Wait(condition);
    waits.add(wait);
    if (longest.isZero() || condition.getAsBoolean()) {
      // What came before it was among those who wait.
      wait.end.complete(condition.getAsBoolean());
    }
    // What follows is others' work, and not for the thread of the timers.
    return wait.end
        .completeOnTimeout(false, longest.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((arrived, failure) -> waits.remove(wait))
        .thenApplyAsync(arrived -> arrived);
  }

  /** There is a new view. Does no more than asking the conditions. */
  void look() {
    for (Wait wait : waits) {
      if (wait.condition.getAsBoolean()) {
        wait.end.complete(true);
      }
    }
  }

  int size() {
    return waits.size();
  }
}
