// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

/**
 * How often tokens can make us look at the keytab: they may be anybody's, since they are of keys
 * that we do not have. While looking finds new keys it is worth while to look again soon, as
 * between a KDC's change of keys and the file that follows it; each look that finds nothing doubles
 * the pause, up to a second, which is how often we look without any token. Used by one thread at a
 * time.
 */
final class LookLimit {
  private static final long SHORTEST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  /** After so long without a look the next ones are those of another rotation. */
  private static final long QUIET_MILLIS = 10_000;

  private long lookedAt = Long.MIN_VALUE / 2;
  private long pause = SHORTEST_PAUSE_MILLIS;

  /** The clock may have been set back: that is no reason never to look again. */
  boolean permits(long now) {
    return Math.abs(now - lookedAt) >= pause;
  }

  void looked(long now, boolean foundNewKeys) {
    boolean quiet = Math.abs(now - lookedAt) >= QUIET_MILLIS;
    pause =
        foundNewKeys || quiet ? SHORTEST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    lookedAt = now;
  }
}
