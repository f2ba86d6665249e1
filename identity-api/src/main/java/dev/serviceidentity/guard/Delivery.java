// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Heading;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers events and hands them to the sink, whose failures it keeps from everybody else. One
 * thread delivers; any thread may ask or report a loss.
 */
final class Delivery {
  private static final System.Logger LOG = System.getLogger(AuditTrail.class.getName());

  private final AuditSink sink;
  private final Clock clock;
  private final Losses losses;
  private final AtomicLong sequence = new AtomicLong();
  private volatile Health.Part health;

  Delivery(AuditSink sink, Clock clock) {
    this.sink = sink;
    this.clock = clock;
    this.losses = new Losses(clock);
    this.health = part(Status.UP, "events are written");
  }

  void deliver(AccessEvent event) {
    Heading old = event.heading();
    var heading =
        new Heading(
            old.id(), sequence.incrementAndGet(), old.time(), old.duration(), old.occurrences());
    try {
      sink.accept(Events.under(heading, event));
      if (health.status() != Status.UP) {
        health = part(Status.UP, "events are written");
        LOG.log(Level.INFO, "The audit sink takes events again");
      }
    } catch (Throwable failed) {
      // A sink is foreign code on the outermost loop of this thread: an Error that ended the
      // thread would end the audit in silence.
      losses.note();
      if (health.status() == Status.UP) {
        health = part(Status.DOWN, "the sink fails: " + failed);
        LOG.log(Level.WARNING, "The audit sink fails; events are lost until it recovers", failed);
      }
    }
  }

  /** An event was lost before it could be delivered: its number is left out. */
  void lost() {
    sequence.incrementAndGet();
    losses.note();
  }

  void closeSink() {
    try {
      sink.close();
    } catch (Throwable failed) {
      // As above: the sink is foreign code, and this is the last thing that the thread does.
      LOG.log(Level.WARNING, "The audit sink could not be closed", failed);
    }
  }

  boolean works() {
    return health.status() == Status.UP;
  }

  Health.Part health() {
    Health.Part now = health;
    long lost = losses.count();
    String detail = lost == 0 ? now.detail() : now.detail() + "; " + lost + " lost since the start";
    return losses
        .since()
        .filter(since -> now.status() == Status.UP)
        .map(since -> new Health.Part(now.name(), Status.DEGRADED, detail, since))
        .orElseGet(() -> new Health.Part(now.name(), now.status(), detail, now.since()));
  }

  private Health.Part part(Status status, String detail) {
    return new Health.Part("audit", status, detail, clock.instant());
  }
}
