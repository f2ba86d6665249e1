// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as people say them, of their two largest units. */
final class Spans {
  private Spans() {}

  static String of(Duration span) {
    Duration length = span.abs();
    if (length.toDays() > 0) {
      return both(length.toDays(), "d", length.toHoursPart(), "h");
    }
    if (length.toHours() > 0) {
      return both(length.toHours(), "h", length.toMinutesPart(), "min");
    }
    if (length.toMinutes() > 0) {
      return both(length.toMinutes(), "min", length.toSecondsPart(), "s");
    }
    return length.toSeconds() > 0 ? length.toSeconds() + " s" : length.toMillis() + " ms";
  }

  /** A moment to come, or that has passed. */
  static String at(Instant moment, Instant now) {
    Duration left = Duration.between(now, moment);
    String span = of(left.truncatedTo(ChronoUnit.SECONDS));
    return moment.truncatedTo(ChronoUnit.SECONDS)
        + (left.isNegative() ? " (" + span + " ago)" : " (in " + span + ")");
  }

  private static String both(long first, String large, long second, String small) {
    return first + " " + large + (second == 0 ? "" : " " + second + " " + small);
  }
}
