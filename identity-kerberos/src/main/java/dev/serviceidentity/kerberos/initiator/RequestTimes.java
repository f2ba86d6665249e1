// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The times that our authenticators say, by the KDC's clock. No two are the same, since ctime and
 * cusec are what tells requests apart (RFC 4120 section 5.5.1). Thread-safe.
 */
final class RequestTimes {
  private static final long SECOND = 1_000_000;

  private final Clock clock;
  private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);

  RequestTimes(Clock clock) {
    this.clock = clock;
  }

  /**
   * The time of another request, in microseconds since 1970.
   *
   * @param offset what the KDC's clock is ahead of ours
   */
  long next(Duration offset) {
    Instant now = clock.instant();
    long micros =
        now.getEpochSecond() * SECOND
            + now.getNano() / 1000
            + offset.getSeconds() * SECOND
            + offset.getNano() / 1000;
    return last.updateAndGet(before -> isPast(micros, before) ? before + 1 : micros);
  }

  /**
   * A clock that is set back by more than a second is followed: services would refuse a time that
   * they do not have, and still have the ciphertexts to tell requests apart by.
   */
  private static boolean isPast(long micros, long before) {
    return micros <= before && before - micros < SECOND;
  }
}
