// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events that were lost, and tells when that began: losses that follow one another
 * within a few minutes are one episode. Thread-safe.
 */
final class Losses {
  private static final System.Logger LOG = System.getLogger(AuditTrail.class.getName());
  private static final Duration EPISODE = Duration.ofMinutes(5);

  private record Tally(long count, Instant began, Instant last) {
    boolean isOverAt(Instant now) {
      return !now.isBefore(last.plus(EPISODE));
    }
  }

  private final AtomicReference<@Nullable Tally> tally = new AtomicReference<>();
  private final Clock clock;

  Losses(Clock clock) {
    this.clock = clock;
  }

  /** Counts one. */
  void note() {
    Instant now = clock.instant();
    Tally before = tally.getAndUpdate(old -> next(old, now));
    if (before == null || before.isOverAt(now)) {
      LOG.log(Level.WARNING, "Access events are being lost; see health() for how many");
    }
  }

  /** How many since the start. */
  long count() {
    Tally now = tally.get();
    return now == null ? 0 : now.count();
  }

  /** Since when events are being lost; empty if none was of late. */
  Optional<Instant> since() {
    Tally now = tally.get();
    return now == null || now.isOverAt(clock.instant())
        ? Optional.empty()
        : Optional.of(now.began());
  }

  private static Tally next(@Nullable Tally old, Instant now) {
    if (old == null) {
      return new Tally(1, now, now);
    }
    return new Tally(old.count() + 1, old.isOverAt(now) ? now : old.began(), now);
  }
}
