// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.der.SubjectNames;
import dev.serviceidentity.mtls.forwarded.ForwardedPeers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Holds what proxies pass on to the rules for direct peers, with a memory of its own: callers
 * behind a proxy do not displace those in front of it.
 */
final class ForwardedPeerJudge implements ForwardedPeers {
  /** A name is good for its request; what is kept of the caller must not outlast it by much. */
  private static final Duration WORD = Duration.ofMinutes(1);

  private final Supplier<Material> current;
  private final PeerRules rules;
  private final CertificateCallers callers;

  ForwardedPeerJudge(Supplier<Material> current, PeerRules rules, ConnectionEnd end) {
    this.current = current;
    this.rules = rules;
    this.callers = new CertificateCallers(current, rules.apart(), end);
  }

  @Override
  public PrincipalId self() {
    return current.get().identity().principal();
  }

  @Override
  public Verification verify(List<X509Certificate> chain) {
    return callers.verify(chain);
  }

  @Override
  public Verification named(List<String> uris, List<String> dnsNames) {
    try {
      PrincipalId principal =
          rules.verifier().named(new SubjectNames(uris, dnsNames), current.get().trust());
      Instant now = rules.clock().instant();
      return Verification.verified(Caller.of(principal, now, now.plus(WORD)));
    } catch (RefusedCertificateException e) {
      return Verification.rejected(e.rejection(), e.detail());
    } catch (IdentityException closed) {
      return Verification.closed(closed);
    }
  }
}
