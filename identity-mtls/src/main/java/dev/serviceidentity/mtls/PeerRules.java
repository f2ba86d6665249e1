// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.SERVER_NOT_EXPECTED;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.RefusedHandshake;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
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
  /** The same rules for callers who are remembered apart. */
  PeerRules apart() {
    return new PeerRules(verifier, servers, refused, clock, known.another());
  }

  /** The same rules, asking nobody whether a certificate is revoked. */
  PeerRules unasked() {
    return new PeerRules(verifier.unasked(), servers, refused, clock, KnownCallers.under(null));
  }

  /** Verifies a server that a client of this identity calls, and that it is expected. */
  VerifiedPeer server(List<X509Certificate> chain, Material material, Instant now)
      throws RefusedCertificateException {
    VerifiedPeer server = verifier.verify(chain, PeerRole.SERVER, material.trust(), now);
    if (!servers.test(server.principal())) {
      throw new RefusedCertificateException(
          SERVER_NOT_EXPECTED, "The server is " + server.principal().nativeName());
    }
    return server;
  }
}
