// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers the authenticators that were accepted, so that none is accepted twice (RFC 4120 section
 * 3.2.3). For implementing: a store that all replicas of a service share stops a token from being
 * replayed on another replica, which one in the memory of each cannot.
 *
 * <pre>{@code
 * KerberosIdentity.builder()
 *     .principal("HTTP/orders.shop@SHOP.EXAMPLE")
 *     .keytab(Path.of("/etc/krb/orders.keytab"))
 *     .replayStore(new OrdersDatabaseReplays(dataSource));
 * }</pre>
 *
 * <p>Thread-safe. It is asked last, about authenticators that are genuine, within the clock skew
 * and otherwise acceptable; while it is asked a request waits.
 */
public interface ReplayStore {
  /** What the store says of one authenticator. */
  enum Answer {
    /** Not seen before, and remembered from now on. */
    FIRST,
    /** Seen before. */
    REPLAYED,
    /**
     * Its client holds as much of the store as one client may, or the clients of other realms as
     * much as all of them may. Not remembered, and refused.
     */
    OVER_QUOTA,
    /** The store cannot tell: it is full, or out of reach. Not remembered, and refused. */
    UNAVAILABLE
  }

  /**
   * Remembers an authenticator until the clock skew after the time that it says it was sent. Of
   * several copies, also at the same moment and on several replicas, exactly one is the first.
   *
   * @param authenticator one that is genuine
   * @return never null; what goes wrong in the store is {@link Answer#UNAVAILABLE}, as which an
   *     exception and null are taken, too
   */
  Answer remember(SeenAuthenticator authenticator);

  /**
   * The time whose authenticators it knows: all that were sent after it and accepted are
   * remembered. What was sent before is refused, since it may have been accepted by somebody who
   * has forgotten it: a process that has ended, or this store when its window had passed.
   *
   * <p>It never goes back, also when the clock does; then it lies in the future until the clock has
   * caught up. What it cannot know of is an authenticator whose sender's clock was ahead, and which
   * a process accepted that ended before that time came.
   *
   * @return a time by the clock that authenticators are compared with
   */
  Instant since();

  /**
   * A store in the memory of this JVM, which may serve several identities: identities that have a
   * key in common need a common one, or a token passes once at each.
   *
   * <p>Each authenticator takes from 22 to 43 bytes, however long its client's name is. What
   * clients are counted in takes 10 MB at most; up to some 49,000 of the own realm and as many of
   * others are told apart at a time, and what is beyond shares quotas. Those that are refused take
   * nothing.
   *
   * <p>It forgets what has left the window of twice the skew, and that for good: if the clock is
   * put back, tokens are refused until it has passed the time before which all is forgotten. With
   * {@link Clock#systemUTC()} it also notices a clock that was behind when the store was made and
   * is put right later, and refuses what was sent before the store was made by the clock as it is
   * then.
   *
   * @param clock what its identities use
   * @param clockSkew at least that of its identities
   * @param capacity how many authenticators it may hold, of which one client may hold a sixteenth,
   *     and all clients of other realms together a half; a client that calls 1,000 times a second
   *     holds up to 450,000 with the usual skew, and needs a capacity of 7,200,000
   * @return an empty store
   * @throws IllegalArgumentException if the skew is not positive or the capacity below 16
   */
  static ReplayStore inMemory(Clock clock, Duration clockSkew, int capacity) {
    Beginning beginning = Beginning.now(clock, clockSkew);
    return new WindowedReplayStore(clock, beginning, clockSkew, capacity);
  }
}
