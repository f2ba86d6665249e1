// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.IdentityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Judges the servers of a client's open connections anew: one whose authority was removed, or whose
 * certificate has ended, gets no more requests. Each is verified once for a generation of trust.
 */
final class CalledServers {
  private final Supplier<Material> current;
  private final PeerRules rules;
  private final KnownCallers known;

  CalledServers(Supplier<Material> current, PeerRules rules) {
    this.current = current;
    this.rules = rules;
    this.known = rules.known().another();
  }

  /** Tells whether a server would be called now; all may stay once there is no judge. */
  boolean mayStay(SSLSession session) {
    try {
      judge(CertificateCallers.chain(session), current.get());
      return true;
    } catch (RefusedCertificateException refused) {
      return false;
    } catch (SSLPeerUnverifiedException | IdentityException noJudge) {
      return true;
    }
  }

  private void judge(List<X509Certificate> chain, Material material)
      throws RefusedCertificateException {
    Instant now = rules.clock().instant();
    if (known.find(chain.get(0), material.generation(), now) == null) {
      VerifiedPeer server = rules.server(chain, material, now);
      known.learn(chain.get(0), server, material.generation(), now);
    }
  }
}
