// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import dev.serviceidentity.k8s.budget.Allowance.Share;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the work of many payers in a fixed number of cells: who shares a cell shares what it
 * admits. Whoever chooses the payers does not know which share one. Thread-safe, without a lock.
 *
 * <p>A cell is a leaky bucket: it holds the time until which all that was admitted has been paid
 * for at the rate of the share, and admits as long as that is not too far ahead.
 */
final class Meter {
  private final Share share;
  private final long cost;
  private final AtomicLongArray paidUntil;
  private final AtomicIntegerArray waiting;

  Meter(Share share, int cells) {
    this.share = share;
    this.cost = TimeUnit.SECONDS.toNanos(1) / share.perSecond();
    this.paidUntil = new AtomicLongArray(cells);
    this.waiting = new AtomicIntegerArray(cells);
  }

  private int cell(int hash) {
    return Math.floorMod(hash, paidUntil.length());
  }

  /** Takes one piece of work at a time, in nanoseconds since the meter was made. */
  boolean spend(int hash, long now) {
    int cell = cell(hash);
    while (true) {
      long before = paidUntil.get(cell);
      long next = Math.max(before, now) + cost;
      if (next - now > share.burst() * cost) {
        return false;
      }
      if (paidUntil.compareAndSet(cell, before, next)) {
        return true;
      }
    }
  }

  /** Gives back what was not used after all. */
  void refund(int hash) {
    paidUntil.addAndGet(cell(hash), -cost);
  }

  boolean enter(int hash) {
    int cell = cell(hash);
    if (waiting.incrementAndGet(cell) <= share.waiting()) {
      return true;
    }
    waiting.decrementAndGet(cell);
    return false;
  }

  void leave(int hash) {
    waiting.decrementAndGet(cell(hash));
  }
}
