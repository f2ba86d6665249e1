// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.RefusedHandshake;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How peers are judged, whatever the generation.
 *
 * @param verifier decides who a peer is
 * @param servers which verified servers a client of this identity accepts
 * @param refused hears of refused clients
 * @param clock the time of every check
 * @param known whom handshakes and requests have verified
 */
record PeerRules(
    PeerVerifier verifier,
    Predicate<PrincipalId> servers,
    Consumer<RefusedHandshake> refused,
    Clock clock,
    KnownCallers known) {
  private static final Logger LOG = System.getLogger(PeerRules.class.getName());

  /** The same rules for callers who are remembered apart. */
  PeerRules apart() {
    return new PeerRules(verifier, servers, refused, clock, known.another());
  }

  /** Where refused clients go when nobody else wants to hear of them. */
  static void log(RefusedHandshake refused) {
    LOG.log(
        Level.INFO,
        "Refused a TLS client at {0}: {1}, {2}",
        refused.source(),
        refused.reason(),
        refused.detail());
  }
}
