// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.config.KdcAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which KDCs have failed lately, and so are asked last for a while that doubles with each failure.
 * What is long over is forgotten: DNS can name KDCs without number. Thread-safe.
 */
final class Outages {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final int MOST_DOUBLINGS = 5;
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private record Outage(Instant until, int failures) {}

  private final Clock clock;
  private final Map<KdcAddress, Outage> outages = new ConcurrentHashMap<>();

  Outages(Clock clock) {
    this.clock = clock;
  }

  /** Those that work in their own order, and then the others, the one first that is due first. */
  List<KdcAddress> inOrder(List<KdcAddress> known) {
    Instant now = clock.instant();
    return known.stream().sorted(Comparator.comparing(kdc -> outUntil(kdc, now))).toList();
  }

  /** Whether that is news. */
  boolean failed(KdcAddress kdc) {
    Instant now = clock.instant();
    outages.values().removeIf(before -> before.until.plus(FORGOTTEN).isBefore(now));
    Outage outage =
        outages.compute(
            kdc,
            (key, before) -> {
              int failures = before == null ? 0 : Math.min(before.failures + 1, MOST_DOUBLINGS);
              return new Outage(now.plus(FIRST.multipliedBy(1L << failures)), failures);
            });
    return outage.failures == 0;
  }

  /** Whether that is news. */
  boolean answered(KdcAddress kdc) {
    return outages.remove(kdc) != null;
  }

  private Instant outUntil(KdcAddress kdc, Instant now) {
    Outage outage = outages.get(kdc);
    return outage == null || !outage.until.isAfter(now) ? Instant.MIN : outage.until;
  }
}
