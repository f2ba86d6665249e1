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
    /** Its client holds as much of the store as one client may. Not remembered, and refused. */
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
   * Since when it has remembered all it was told. What was sent before is refused, since it may
   * have been accepted before: so a restart forgets nothing.
   *
   * @return a time by the clock that authenticators are compared with
   */
  Instant since();

  /**
   * A store in the memory of this JVM, which may serve several identities.
   *
   * @param clock what its identities use
   * @param clockSkew at least that of its identities
   * @param capacity how many authenticators it may hold, of which one client may hold a sixteenth;
   *     a client that calls 1,000 times a second needs 300,000 of them with the usual skew, and
   *     each takes some 32 bytes
   * @return an empty store
   * @throws IllegalArgumentException if the skew is not positive or the capacity below 16
   */
  static ReplayStore inMemory(Clock clock, Duration clockSkew, int capacity) {
    return new WindowedReplayStore(clock, clockSkew, capacity);
  }
}
