// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * When a store began, by its clock as it goes now. A machine may start with a clock that is behind,
 * and set it right later: the beginning then was later than that clock said, and tokens from before
 * it may have been accepted by the process before. So for as long as it matters the clock is held
 * against a measure of time that cannot be set.
 */
final class Beginning {
  private final Clock clock;
  private final Supplier<Duration> uptime;
  private final Duration skew;
  private final AtomicReference<Instant> time;
  private volatile boolean isLongAgo;

  /**
   * The present moment.
   *
   * @param uptime how long ago that was, by another measure than the clock
   * @param skew how old a token may be
   */
  Beginning(Clock clock, Supplier<Duration> uptime, Duration skew) {
    this.clock = clock;
    this.uptime = uptime;
    this.skew = skew;
    this.time = new AtomicReference<>(clock.instant());
  }

  /** The present moment. Any clock but the system's, which others set, is its own measure. */
  static Beginning now(Clock clock, Duration skew) {
    if (clock.equals(Clock.systemUTC())) {
      long start = System.nanoTime();
      return new Beginning(clock, () -> Duration.ofNanos(System.nanoTime() - start), skew);
    }
    Instant start = clock.instant();
    return new Beginning(clock, () -> Duration.between(start, clock.instant()), skew);
  }

  /** Never goes back. */
  Instant time() {
    if (isLongAgo) {
      return Objects.requireNonNull(time.get());
    }
    // The clock is read first: a thread that is held up in between moves the beginning back only.
    Instant now = clock.instant();
    Duration passed = uptime.get();
    if (passed.compareTo(skew) > 0) {
      // Whatever the clock says: what was sent before the beginning is too old by now.
      isLongAgo = true;
    }
    Instant begun = now.minus(passed);
    return Objects.requireNonNull(
        time.accumulateAndGet(begun, (one, other) -> one.isAfter(other) ? one : other));
  }
}
