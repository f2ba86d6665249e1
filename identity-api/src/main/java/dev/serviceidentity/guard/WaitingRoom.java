// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.caller.RefusalReason;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Bounds how many requests wait for look-ups, by source address and in all, so that one source can
 * never keep the others out, and ends each wait in time. Thread-safe, without a lock of its own.
 */
final class WaitingRoom implements AutoCloseable {
  /** One request that waits; the same as no other one. */
  private static final class Wait {
    private final CompletableFuture<RefusalReason> end = new CompletableFuture<>();
  }

  private final ConcurrentMap<InetAddress, Integer> waiting = new ConcurrentHashMap<>();
  private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService scheduler;
  private final int perSource;
  private final int sources;
  private volatile boolean closed;

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

  /** Takes a seat, to be left again; false if none is free. */
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

  /**
   * Waits for an answer until the deadline or until the room closes, whichever comes first.
   *
   * @param answer never completes exceptionally
   * @param deadlineNanos by {@link System#nanoTime}
   * @param ended what is answered instead
   */
  <T> CompletableFuture<T> await(
      CompletableFuture<T> answer, long deadlineNanos, Function<RefusalReason, T> ended) {
    var wait = new Wait();
    waits.add(wait);
    if (closed) {
      wait.end.complete(RefusalReason.CLOSED);
    }
    Future<?> timer = timer(wait.end, deadlineNanos);
    return answer
        .applyToEither(wait.end.thenApply(ended), first -> first)
        .whenComplete(
            (first, error) -> {
              timer.cancel(false);
              waits.remove(wait);
            });
  }

  /** Ends all waits, also those that begin later. */
  @Override
  public void close() {
    closed = true;
    waits.forEach(wait -> wait.end.complete(RefusalReason.CLOSED));
  }

  boolean isEmpty() {
    return waiting.isEmpty() && waits.isEmpty();
  }

  private Future<?> timer(CompletableFuture<RefusalReason> end, long deadlineNanos) {
    try {
      return scheduler.schedule(
          () -> end.complete(RefusalReason.UNAVAILABLE),
          deadlineNanos - System.nanoTime(),
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException shutDown) {
      end.complete(RefusalReason.CLOSED);
      return end;
    }
  }
}
