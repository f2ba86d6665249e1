// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.time.Duration;

/**
 * For how long decisions may be made from a view that is not proven current any more.
 *
 * <p>A view is fresh while its last proof is younger than 30 seconds. After that it is stale, and
 * still serves for a while; after that nothing is decided by it. Credentials are never used past
 * their own expiry, whatever this says.
 *
 * @param serveStale how long a stale view may serve; zero to none
 */
public record StalePolicy(Duration serveStale) {
  /** How old the last proof of a fresh view may be. */
  public static final Duration FRESH = Duration.ofSeconds(30);

  /**
   * Checks the duration.
   *
   * @param serveStale how long a stale view may serve
   * @throws IllegalArgumentException if it is negative
   */
  public StalePolicy {
    if (serveStale.isNegative()) {
      throw new IllegalArgumentException(
          "A stale view serves for zero or more, not a negative time");
    }
  }

  /**
   * Serves a stale view for a while; five minutes is the default of the guard.
   *
   * @param time how long, beyond {@link #FRESH}
   * @return the policy
   */
  public static StalePolicy serveStaleFor(Duration time) {
    return new StalePolicy(time);
  }

  /**
   * Serves no stale view.
   *
   * @return the policy
   */
  public static StalePolicy failClosed() {
    return new StalePolicy(Duration.ZERO);
  }

  /**
   * Tells whether a view of that age is stale.
   *
   * @param age since its last proof
   * @return true from {@link #FRESH} on
   */
  public boolean isStale(Duration age) {
    return age.compareTo(FRESH) >= 0;
  }

  /**
   * Tells whether a view of that age still serves.
   *
   * @param age since its last proof
   * @return true while it is fresh, or stale for no longer than this policy allows
   */
  public boolean serves(Duration age) {
    return !isStale(age) || age.minus(FRESH).compareTo(serveStale) < 0;
  }
}
