// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Bounds how many requests wait for look-ups, by source address and in all, so that one source can
 * never keep the others out. Thread-safe, without a lock of its own.
 */
final class WaitingRoom {
  private final ConcurrentMap<InetAddress, Integer> waiting = new ConcurrentHashMap<>();
  private final ScheduledExecutorService scheduler;
  private final int perSource;
  private final int sources;

  /**
   * An empty room.
   *
   * @param scheduler ends waits at their deadline
   * @param perSource how many requests of one address may wait
   * @param sources how many addresses may have waiting requests at once
   */
  WaitingRoom(ScheduledExecutorService scheduler, int perSource, int sources) {
    this.scheduler = scheduler;
    this.perSource = perSource;
    this.sources = sources;
  }

  ScheduledExecutorService scheduler() {
    return scheduler;
  }

  boolean enter(InetAddress source) {
    if (waiting.size() >= sources && !waiting.containsKey(source)) {
      return false;
    }
    boolean[] entered = new boolean[1];
    waiting.compute(
        source,
        (address, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < perSource;
          return entered[0] ? Integer.valueOf(now + 1) : count;
        });
    return entered[0];
  }

  void leave(InetAddress source) {
    waiting.computeIfPresent(source, (address, count) -> count == 1 ? null : count - 1);
  }
}
