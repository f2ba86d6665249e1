// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.HeaderField;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * When a connection has to end, because its session or the certificate that it was made with gets
 * old. It is asked to end while requests are still admitted: a client that has a newer certificate
 * shows that on its next connection, and no call fails.
 */
final class ConnectionEnd {
  /** What TLS allows a session at most (RFC 5246 appendix F.1.4). */
  static final Duration LONGEST_SESSION = Duration.ofHours(24);

  /** Ends a connection of HTTP/1.1 (RFC 9112 section 9.6), and of HTTP/2 by some containers. */
  static final List<HeaderField> REPLY = List.of(new HeaderField("Connection", "close"));

  private static final Duration EARLIEST_NOTICE = Duration.ofMinutes(1);

  /** Whoever renews certificates has done so before this part of their life. */
  private static final int LAST_PART = 5;

  private final Duration sessionAge;

  ConnectionEnd(Duration sessionAge) {
    this.sessionAge = sessionAge;
  }

  static Duration requireSessionAge(Duration age) {
    if (age.compareTo(Duration.ofSeconds(1)) < 0 || age.compareTo(LONGEST_SESSION) > 0) {
      throw new IllegalArgumentException(
          "Sessions can be from 1 second to 24 hours old, not " + age);
    }
    return age;
  }

  /** Tells whether no request is admitted on a session any more. */
  boolean isOverdue(@Nullable SSLSession session, Instant now) {
    return isOlder(session, LONGEST_SESSION, now);
  }

  /** Tells whether the client should make a new connection for its next request. */
  boolean isDue(
      @Nullable SSLSession session, X509Certificate leaf, Instant expiresAt, Instant now) {
    return isOlder(session, sessionAge, now)
        || (!now.isBefore(expiresAt.minus(EARLIEST_NOTICE))
            && !now.isBefore(expiresAt.minus(life(leaf).dividedBy(LAST_PART))));
  }

  private static boolean isOlder(@Nullable SSLSession session, Duration age, Instant now) {
    return session != null && now.toEpochMilli() - session.getCreationTime() >= age.toMillis();
  }

  private static Duration life(X509Certificate leaf) {
    return Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
  }
}
