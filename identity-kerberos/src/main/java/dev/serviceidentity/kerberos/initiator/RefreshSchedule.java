// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/** When to refresh: at about 80 % of a ticket's life, and after a failure with growing patience. */
final class RefreshSchedule {
  private static final double EARLIEST = 0.75;
  private static final double SPREAD = 0.1;
  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final long LONGEST_RETRY_MILLIS = 60_000;
  private static final int MOST_DOUBLINGS = 6;

  private final DoubleSupplier random;

  /**
   * Takes chance as a parameter.
   *
   * @param random numbers from 0 to 1; replicas that started together then do not refresh together
   */
  RefreshSchedule(DoubleSupplier random) {
    this.random = random;
  }

  Instant afterSuccess(Instant now, Instant expiresAt) {
    Duration left = Duration.between(now, expiresAt);
    double share = EARLIEST + SPREAD * random.getAsDouble();
    return now.plusMillis((long) (left.toMillis() * share));
  }

  /** Whether so much of a login's life is left that nobody needs another one. */
  static boolean isEarly(Login login, Instant now) {
    Duration life = Duration.between(login.startsAt(), login.expiresAt());
    return now.isBefore(login.startsAt().plusMillis((long) (life.toMillis() * EARLIEST)));
  }

  /** Never gives up, and waits a minute at most. */
  Instant afterFailure(Instant now, int failures) {
    long pause =
        Math.min(
            LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS));
    return now.plusMillis((long) (pause * (0.5 + 0.5 * random.getAsDouble())));
  }
}
