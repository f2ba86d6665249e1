// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The time of day, which a test can put forward. */
final class ShiftedClock extends Clock {
  private final AtomicLong ahead = new AtomicLong();

  void advance(Duration by) {
    ahead.addAndGet(by.toMillis());
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plusMillis(ahead.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("One zone will do");
  }
}
