// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.SESSION_TOO_OLD;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Says who the peer of a TLS connection is, and judges its certificate anew at every request: the
 * session may have been resumed without the trust manager, or be older than a change of trust or
 * than the certificate's end. What was found, in the handshake or here, is kept for one generation
 * of trust.
 */
final class CertificateCallers implements CallerVerifier {
  private final Supplier<Material> current;
  private final PeerRules rules;
  private final ConnectionEnd end;

  CertificateCallers(Supplier<Material> current, PeerRules rules, ConnectionEnd end) {
    this.current = current;
    this.rules = rules;
    this.end = end;
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
    return verify(chain, evidence.tlsSession().orElse(null));
  }

  /** Judges whoever has a session now; null if that has shown no certificate. */
  @Nullable Verification verify(SSLSession session) {
    try {
      return verify(chain(session), session);
    } catch (SSLPeerUnverifiedException anonymous) {
      return null;
    }
  }

  /** What the peer has shown, leaf first. */
  static List<X509Certificate> chain(SSLSession session) throws SSLPeerUnverifiedException {
    var chain = new ArrayList<X509Certificate>();
    for (Certificate certificate : session.getPeerCertificates()) {
      chain.add((X509Certificate) certificate);
    }
    return chain;
  }

  /** Judges a chain, leaf first, whoever has seen the proof of its key. */
  Verification verify(List<X509Certificate> chain) {
    return verify(chain, null);
  }

  private Verification verify(List<X509Certificate> chain, @Nullable SSLSession session) {
    try {
      Instant now = rules.clock().instant();
      Caller caller = caller(chain, current.get(), now);
      if (end.isOverdue(session, now)) {
        throw new RefusedCertificateException(
            SESSION_TOO_OLD, caller.principal().nativeName() + " has not proven itself for a day");
      }
      boolean due = end.isDue(session, chain.get(0), caller.expiresAt(), now);
      return new Verification.Verified(caller, due ? ConnectionEnd.REPLY : List.of());
    } catch (RefusedCertificateException e) {
      return new Verification.Rejected(e.rejection(), e.detail(), ConnectionEnd.REPLY);
    } catch (IdentityException closed) {
      Verification.Rejected rejected = Verification.closed(closed);
      return new Verification.Rejected(rejected.reason(), rejected.detail(), ConnectionEnd.REPLY);
    }
  }

  private Caller caller(List<X509Certificate> chain, Material material, Instant now)
      throws RefusedCertificateException {
    Caller known = rules.known().find(chain.get(0), material.generation(), now);
    if (known != null) {
      return known;
    }
    VerifiedPeer peer = rules.verifier().verify(chain, PeerRole.CLIENT, material.trust(), now);
    return rules.known().learn(chain.get(0), peer, material.generation(), now);
  }
}
