// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of an attempt, by the time that passes for the operating system and not by the clock of
 * the identity: that one is for tickets, may be set, and in tests stands still.
 *
 * @param nanos as {@link System#nanoTime}
 */
record Deadline(long nanos) {
  private static final long ROUND_UP = TimeUnit.MILLISECONDS.toNanos(1) - 1;

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** The one of the first of several attempts that share what is left. */
  Deadline share(int attempts) {
    long now = System.nanoTime();
    return new Deadline(now + (nanos - now) / attempts);
  }

  /** Zero or less when it has passed. */
  long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime() + ROUND_UP);
  }
}
