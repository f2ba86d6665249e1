// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Verification without files and TLS around it, and of callers whom nobody remembers. In the
 * verifier's package, where that is within reach.
 */
public final class BareRules {
  private static final Clock CLOCK = Clock.systemUTC();

  private final PeerVerifier verifier = new PeerVerifier(new SvidProfile());
  private final String domain;
  private final Credential credential;
  private final Map<String, TrustBundle> trust;
  private long generation;

  /**
   * The rules of a service.
   *
   * @param domain its trust domain
   * @param issued its certificate and its authorities
   */
  public BareRules(String domain, IssuedCertificate issued) {
    TrustBundle bundle = TrustBundle.of(domain, issued.authorities());
    this.domain = domain;
    this.credential = Credential.of(issued.chain(), issued.privateKey(), List.of(bundle));
    this.trust = Map.of(domain, bundle);
  }

  /**
   * Reads out of a certificate whose it is, with all rules for its form, and believes it.
   *
   * @param leaf a workload's
   * @return its name
   * @throws CertificateException if it is of no good form
   */
  public PrincipalId identify(X509Certificate leaf) throws CertificateException {
    return verifier.identify(List.of(leaf), CLOCK.instant());
  }

  /**
   * The verifier of callers under trust that changes with every call.
   *
   * @return remembers nobody from one call to the next
   */
  public CallerVerifier forgetful() {
    PeerRules rules =
        new PeerRules(verifier, server -> true, refused -> {}, CLOCK, KnownCallers.under(null));
    var callers =
        new CertificateCallers(this::next, rules, new ConnectionEnd(Duration.ofMinutes(15)));
    return new CallerVerifier() {
      @Override
      public boolean claims(CallerEvidence evidence) {
        return callers.claims(evidence);
      }

      @Override
      public Verification verify(CallerEvidence evidence) {
        return callers.verify(evidence);
      }
    };
  }

  private Material next() {
    generation++;
    Instant now = CLOCK.instant();
    X509Certificate leaf = credential.leaf();
    var self =
        new IdentitySnapshot(
            new PrincipalId(MechanismName.MTLS, domain, "/self"),
            now,
            leaf.getNotAfter().toInstant(),
            generation);
    return new Material(self, credential, trust, generation, now);
  }
}
