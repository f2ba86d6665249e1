// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What time it is for the KDC of the client's own realm. The difference to the own clock is kept
 * from what that KDC has sealed, and from nothing else: a KRB-ERROR, which anybody can write, moves
 * the clock of the try that follows it, and so does one of another realm's KDC, whose clock is
 * nobody's but its own. Thread-safe.
 */
final class KdcClock {
  /** How far the clocks may be apart for both to be right (RFC 4120 section 1.6). */
  static final Duration SKEW = Duration.ofMinutes(5);

  /** Beyond that, somebody has set a clock wrongly and is told so. */
  private static final Duration LARGEST = Duration.ofDays(1);

  /**
   * By how much a KDC's seconds may begin late though its clock is right: that which time(2) of
   * Linux reads moves once a tick, of which there are a hundred a second at least.
   */
  private static final Duration TICK = Duration.ofMillis(10);

  private static final System.Logger LOG = System.getLogger(KdcClock.class.getName());

  private final Clock own;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  KdcClock(Clock own) {
    this.own = own;
  }

  /** What time it is here. */
  Instant here() {
    return own.instant();
  }

  Duration offset() {
    return Objects.requireNonNull(offset.get());
  }

  /** The offset that a KRB-ERROR suggests, unless it is beyond belief. */
  Optional<Duration> suggested(Instant there) {
    return Optional.of(Duration.between(here(), there)).filter(KdcClock::isCredible);
  }

  /**
   * Learns from an authentic answer that was asked for and given between two moments. Its time
   * counts whole seconds, and so the clocks differ by as little as that allows.
   */
  void learn(Instant there, Instant asked, Instant answered) throws RefusedTokenException {
    Duration least = Duration.between(answered, there);
    Duration most = Duration.between(asked, there.plusSeconds(1).plus(TICK));
    Duration learned = Duration.ZERO;
    if (least.compareTo(Duration.ZERO) > 0) {
      learned = least;
    } else if (most.isNegative()) {
      learned = most;
    }
    if (!isCredible(learned)) {
      throw RefusedTokenException.malformed(
          "its clock says " + there + ", which is more than a day from this host's: set one right");
    }
    keep(learned);
  }

  private void keep(Duration learned) {
    Duration before = Objects.requireNonNull(offset.getAndSet(learned));
    Duration change = learned.minus(before).abs();
    if (change.compareTo(Duration.ofSeconds(1)) > 0) {
      LOG.log(
          Level.INFO,
          "The KDC''s clock differs by {0} from this host''s; requests are corrected by that",
          learned);
    }
  }

  private static boolean isCredible(Duration offset) {
    return offset.abs().compareTo(LARGEST) <= 0;
  }
}
