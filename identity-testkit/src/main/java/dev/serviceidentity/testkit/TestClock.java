// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it. Clocks made of it by {@link #withZone} move with
 * it. Thread-safe.
 *
 * <pre>{@code
 * var clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
 * clock.advance(Duration.ofHours(8));
 * }</pre>
 */
public final class TestClock extends Clock {
  private final AtomicReference<Instant> time;
  private final ZoneId zone;

  private TestClock(AtomicReference<Instant> time, ZoneId zone) {
    this.time = time;
    this.zone = zone;
  }

  /**
   * A clock in UTC that stands at an instant.
   *
   * @param start the time it tells until it is moved
   * @return a new clock
   */
  public static TestClock at(Instant start) {
    return new TestClock(
        new AtomicReference<>(Objects.requireNonNull(start, "start")), ZoneOffset.UTC);
  }

  /**
   * A clock in UTC that stands at the time another one tells now, for tests that talk to programs
   * with a clock of their own.
   *
   * @param other usually {@code Clock.systemUTC()}
   * @return a new clock
   */
  public static TestClock at(Clock other) {
    return at(other.instant());
  }

  /**
   * Moves the clock.
   *
   * @param step how far; negative to go back
   */
  public void advance(Duration step) {
    time.updateAndGet(now -> now.plus(step));
  }

  /**
   * Sets the clock.
   *
   * @param instant the time it tells from now on
   */
  public void set(Instant instant) {
    time.set(Objects.requireNonNull(instant, "instant"));
  }

  @Override
  public Instant instant() {
    return Objects.requireNonNull(time.get());
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new TestClock(time, Objects.requireNonNull(other, "other"));
  }

  /** Returns the time that the clock tells. */
  @Override
  public String toString() {
    return "TestClock[" + time.get() + "]";
  }
}
