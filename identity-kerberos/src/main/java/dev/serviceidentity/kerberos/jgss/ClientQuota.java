// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tokens of one client may be with the JDK at the same time. Its replay cache keeps one
 * sorted list for each client and walks it under a lock of all: a client that sends its
 * authenticators latest first makes every look-up longer than the last one. With this it can hold
 * up only so many threads, and the lock's queue stays short for the others.
 *
 * <p>Nobody waits here, and only clients with a token under way take room. The client is the one
 * that the KDC has written into the ticket, and not what the sender says of itself.
 */
final class ClientQuota {
  /** More than one busy client needs on any number of processors; a token takes some 50 µs. */
  static final int MOST = 16;

  private final ConcurrentHashMap<PrincipalId, Integer> underWay = new ConcurrentHashMap<>();

  /** Takes a place, which {@link #leave} gives back; refused, none has been taken. */
  void enter(PrincipalId client) throws RefusedTokenException {
    // Counted beyond the quota first, since only the new count says atomically whether it fits.
    int tokens = underWay.merge(client, 1, Integer::sum);
    if (tokens > MOST) {
      leave(client);
      throw new RefusedTokenException(
          KerberosRejection.OVER_QUOTA, MOST + " tokens of " + client + " are being judged");
    }
  }

  void leave(PrincipalId client) {
    underWay.computeIfPresent(client, (name, tokens) -> tokens == 1 ? null : tokens - 1);
  }

  /** How many clients have a token under way. */
  int clients() {
    return underWay.size();
  }
}
