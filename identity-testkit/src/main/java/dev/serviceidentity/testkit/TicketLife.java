// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How long Kerberos tickets live: from their issue to their end, and to the end of their renewals
 * (RFC 4120 section 2.3).
 *
 * <pre>{@code
 * var kdc = EmbeddedKdc.start("SHOP.EXAMPLE", TicketLife.of(Duration.ofMinutes(5)));
 * }</pre>
 *
 * @param valid from issue to end, in whole seconds, 1 or more
 * @param renewable from issue to the end of renewals, in whole seconds; no less than {@code valid},
 *     or zero for tickets that are not renewable
 */
public record TicketLife(Duration valid, Duration renewable) {
  /**
   * Checks both.
   *
   * @param valid from issue to end
   * @param renewable from issue to the end of renewals
   * @throws IllegalArgumentException if one is out of bounds; tickets count whole seconds
   */
  public TicketLife {
    requireSeconds(valid);
    requireSeconds(renewable);
    if (valid.isZero() || (!renewable.isZero() && renewable.compareTo(valid) < 0)) {
      throw new IllegalArgumentException(
          "A ticket lives for a second or more, and is renewable for no less: "
              + valid
              + " and "
              + renewable);
    }
  }

  /**
   * Tickets that are not renewable.
   *
   * @param valid from issue to end, in whole seconds
   * @return the life
   */
  public static TicketLife of(Duration valid) {
    return new TicketLife(valid, Duration.ZERO);
  }

  /**
   * The same, renewable.
   *
   * @param time from issue to the end of renewals, in whole seconds
   * @return a new life
   */
  public TicketLife renewableFor(Duration time) {
    return new TicketLife(valid, time);
  }

  boolean isRenewable() {
    return !renewable.isZero();
  }

  int validSeconds() {
    return Math.toIntExact(valid.toSeconds());
  }

  int renewableSeconds() {
    return Math.toIntExact(renewable.toSeconds());
  }

  private static void requireSeconds(Duration time) {
    if (time.isNegative()
        || !time.equals(time.truncatedTo(ChronoUnit.SECONDS))
        || time.toSeconds() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("A ticket's life is counted in whole seconds: " + time);
    }
  }
}
