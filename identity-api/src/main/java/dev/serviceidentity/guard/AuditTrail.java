// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.DaemonThreads;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to the sink on a thread of its own, through two queues: decisions about callers who
 * may call, which come first and must not be lost to a flood, and refusals of all others, which are
 * coalesced. Whoever has a credential of some realm, but no business here, is of the others.
 */
final class AuditTrail implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AuditTrail.class.getName());
  private static final int ALLOWED = 8192;
  private static final int OTHERS = 1024;
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  /** So many end a pause: far less than what one caller's share of a queue holds. */
  private static final int MANY = OTHERS / 32;

  private static final Duration PAUSE = Duration.ofNanos(500_000);

  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private final Clock clock;
  private final Delivery delivery;
  private final FairQueue<PrincipalId, AccessEvent> decisions =
      new FairQueue<>(ALLOWED, ALLOWED / 16);
  private final FairQueue<String, AccessEvent> refusals = new FairQueue<>(OTHERS, OTHERS / 16);
  private final RepeatedRefusals repeated = new RepeatedRefusals(OTHERS);

  /** Seen by the thread only. */
  private final Deque<AccessEvent> counted = new ArrayDeque<>();

  private final Thread thread;

  /** Whether whoever has an event must wake the thread. */
  private volatile boolean idle;

  private volatile boolean closed;
  private volatile boolean abandoned;
  private volatile boolean finished;

  private AuditTrail(AuditSink sink, Clock clock) {
    this.clock = clock;
    this.delivery = new Delivery(sink, clock);
    this.thread = DaemonThreads.named("identity-audit").newThread(this::run);
  }

  static AuditTrail start(AuditSink sink, Clock clock) {
    var trail = new AuditTrail(sink, clock);
    trail.thread.start();
    return trail;
  }

  /** Whether a decision that is taken now will reach the sink, as far as can be known. */
  boolean keeps() {
    return delivery.works() && !finished;
  }

  /** Takes a decision about a caller who may call; false if it is lost. */
  boolean decided(AccessEvent event) {
    boolean taken = decisions.offer(event.proof().principals().get(0), event);
    // Whoever does not see the end here has his event delivered: the thread looks once more after.
    if (!taken || finished) {
      delivery.lost();
      return false;
    }
    wake();
    return true;
  }

  /** Takes a refusal of a caller who has proven nothing, or nothing that lets him call. */
  void refused(AccessEvent event) {
    boolean lost =
        switch (repeated.note(event)) {
          case FIRST -> !refusals.offer(String.valueOf(event.source().socket()), event);
          case REPEATED -> false;
          case DROPPED -> true;
        };
    if (lost || finished) {
      delivery.lost();
    }
    wake();
  }

  /** Counts an event that could not even be made. */
  void lost() {
    delivery.lost();
  }

  Health.Part health() {
    Health.Part part = delivery.health();
    return finished && !closed
        ? new Health.Part(part.name(), Status.DOWN, "the audit thread has ended", part.since())
        : part;
  }

  /** Writes what is queued and closes the sink; waits for that at most a few seconds. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(FAREWELL.toMillis());
      if (thread.isAlive()) {
        LOG.log(Level.WARNING, "The audit sink did not take the last events within {0}", FAREWELL);
        abandoned = true;
        thread.interrupt();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        rest(deliverAll(clock.instant()));
      }
      deliverAll(Instant.MAX);
      finished = true;
      deliverAll(Instant.MAX);
    } finally {
      finished = true;
      delivery.closeSink();
    }
  }

  private void wake() {
    if (idle || queued() >= MANY) {
      LockSupport.unpark(thread);
    }
  }

  private int queued() {
    return decisions.size() + refusals.size();
  }

  /** After some events more are to be expected, and a pause lets callers off waking for each. */
  private void rest(boolean busy) {
    // A sink may have restored an interrupt; waiting would then be busy.
    Thread.interrupted();
    if (busy) {
      LockSupport.parkNanos(this, PAUSE.toNanos());
      return;
    }
    idle = true;
    // Whoever has not seen that has queued his event before, and it is seen here.
    if (queued() == 0) {
      LockSupport.parkNanos(this, LONGEST_REST.toNanos());
    }
    idle = false;
  }

  /** Tells whether there were any. */
  private boolean deliverAll(Instant end) {
    boolean any = false;
    do {
      for (AccessEvent next = next(); next != null; next = next()) {
        any = true;
        if (abandoned) {
          delivery.lost();
        } else {
          delivery.deliver(next);
        }
      }
      counted.addAll(repeated.takeBefore(end));
    } while (!counted.isEmpty());
    return any;
  }

  private @Nullable AccessEvent next() {
    AccessEvent decision = decisions.poll();
    if (decision != null) {
      return decision;
    }
    AccessEvent refusal = refusals.poll();
    return refusal != null ? refusal : counted.poll();
  }
}
