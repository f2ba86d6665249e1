// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.PrincipalId;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * Hands events to the sink on a thread of its own, through two queues: decisions about
 * authenticated callers, which must not be lost to a flood, and refusals of unauthenticated ones,
 * which are coalesced.
 */
final class AuditTrail implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AuditTrail.class.getName());
  private static final int AUTHENTICATED = 8192;
  private static final int UNAUTHENTICATED = 1024;
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final AuditSink sink;
  private final Clock clock;
  private final BiFunction<AccessEvent, Long, AccessEvent> repeat;
  private final FairQueue<PrincipalId, AccessEvent> decisions =
      new FairQueue<>(AUTHENTICATED, AUTHENTICATED / 4);
  private final FairQueue<String, AccessEvent> refusals =
      new FairQueue<>(UNAUTHENTICATED, UNAUTHENTICATED / 16);
  private final RepeatedRefusals repeated = new RepeatedRefusals(UNAUTHENTICATED);
  private final Semaphore signal = new Semaphore(0);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;
  private volatile Health.Part health;

  private AuditTrail(
      AuditSink sink, Clock clock, BiFunction<AccessEvent, Long, AccessEvent> repeat) {
    this.sink = sink;
    this.clock = clock;
    this.repeat = repeat;
    this.health = part(Status.UP, "events are written", clock.instant());
    this.thread = new Thread(this::run, "identity-audit");
    thread.setDaemon(true);
  }

  static AuditTrail start(
      AuditSink sink, Clock clock, BiFunction<AccessEvent, Long, AccessEvent> repeat) {
    var trail = new AuditTrail(sink, clock, repeat);
    trail.thread.start();
    return trail;
  }

  /** Takes a decision about an authenticated caller; false if it will not be kept for sure. */
  boolean decided(AccessEvent event) {
    boolean taken = decisions.offer(event.proof().principals().get(0), event);
    signal.release();
    if (!taken) {
      dropped.incrementAndGet();
    }
    return taken && health.status() == Status.UP;
  }

  /** Takes a refusal of a caller who has proven nothing. */
  void refused(AccessEvent event) {
    boolean lost =
        switch (repeated.note(event)) {
          case FIRST -> !refusals.offer(String.valueOf(event.source().socket()), event);
          case REPEATED -> false;
          case DROPPED -> true;
        };
    if (lost) {
      dropped.incrementAndGet();
    }
    signal.release();
  }

  Health.Part health() {
    Health.Part now = health;
    long lost = dropped.get();
    return lost == 0
        ? now
        : part(
            now.status().compareTo(Status.DEGRADED) > 0 ? now.status() : Status.DEGRADED,
            now.detail() + "; " + lost + " events dropped since the start",
            now.since());
  }

  /** Writes what is queued and closes the sink; waits for that at most a few seconds. */
  @Override
  public void close() {
    closed = true;
    signal.release();
    try {
      thread.join(FAREWELL.toMillis());
      if (thread.isAlive()) {
        LOG.log(Level.WARNING, "The audit sink did not take the last events within {0}", FAREWELL);
        thread.interrupt();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        if (signal.tryAcquire(1, TimeUnit.SECONDS)) {
          signal.drainPermits();
        }
        deliverAll(clock.instant());
      }
      deliverAll(Instant.MAX);
    } catch (InterruptedException end) {
      LOG.log(Level.DEBUG, "The audit thread was told to end");
    } finally {
      closeSink();
    }
  }

  private void deliverAll(Instant end) {
    for (AccessEvent next = decisions.poll(); next != null; next = decisions.poll()) {
      deliver(next);
    }
    for (AccessEvent next = refusals.poll(); next != null; next = refusals.poll()) {
      deliver(next);
    }
    repeated.takeBefore(end, repeat).forEach(this::deliver);
  }

  private void deliver(AccessEvent event) {
    try {
      sink.accept(event);
      if (health.status() != Status.UP) {
        health = part(Status.UP, "events are written", clock.instant());
        LOG.log(Level.INFO, "The audit sink takes events again");
      }
    } catch (RuntimeException failed) {
      // A sink is foreign code: whatever it throws must not end the audit, only be seen.
      dropped.incrementAndGet();
      if (health.status() == Status.UP) {
        health = part(Status.DOWN, "the sink fails: " + failed.getMessage(), clock.instant());
        LOG.log(Level.WARNING, "The audit sink fails; events are lost until it recovers", failed);
      }
    }
  }

  private void closeSink() {
    try {
      sink.close();
    } catch (RuntimeException failed) {
      LOG.log(Level.WARNING, "The audit sink could not be closed", failed);
    }
  }

  private static Health.Part part(Status status, String detail, Instant since) {
    return new Health.Part("audit", status, detail, since);
  }
}
