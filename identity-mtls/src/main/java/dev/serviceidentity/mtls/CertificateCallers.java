// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says who the peer of a TLS connection is, and judges its certificate anew at every request: the
 * session may have been resumed without the trust manager, or be older than a change of trust or
 * than the certificate's end. What was found, in the handshake or here, is kept for one generation
 * of trust.
 */
final class CertificateCallers implements CallerVerifier {
  /** What refuses this certificate refuses it for the connection's whole life. */
  private static final List<HeaderField> GO_AWAY = List.of(new HeaderField("Connection", "close"));

  private final Supplier<Material> current;
  private final PeerRules rules;

  CertificateCallers(Supplier<Material> current, PeerRules rules) {
    this.current = current;
    this.rules = rules;
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return !evidence.peerCertificates().isEmpty();
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    List<X509Certificate> chain = evidence.peerCertificates();
    if (chain.isEmpty()) {
      return Verification.rejected(
          RefusalReason.NO_CREDENTIALS, "The connection has no peer certificate");
    }
    return verify(chain);
  }

  /** Judges a chain, leaf first, whoever has seen the proof of its key. */
  Verification verify(List<X509Certificate> chain) {
    try {
      return Verification.verified(caller(chain, current.get()));
    } catch (RefusedCertificateException e) {
      return new Verification.Rejected(e.rejection(), e.detail(), GO_AWAY);
    } catch (IdentityException closed) {
      return new Verification.Rejected(
          RefusalReason.CLOSED, "This mTLS identity has been closed", GO_AWAY);
    }
  }

  private Caller caller(List<X509Certificate> chain, Material material)
      throws RefusedCertificateException {
    Instant now = rules.clock().instant();
    Caller known = rules.known().find(chain.get(0), material.generation(), now);
    if (known != null) {
      return known;
    }
    VerifiedPeer peer = rules.verifier().verify(chain, PeerRole.CLIENT, material.trust(), now);
    return rules.known().learn(chain.get(0), peer, material.generation(), now);
  }
}
