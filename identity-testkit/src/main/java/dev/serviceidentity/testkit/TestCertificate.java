// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a certificate of a test identity is to say. */
record TestCertificate(LeafTemplate template) {
  private static final String DNS = "dns:";

  static TestCertificate of(PrincipalId principal, Instant notBefore, Instant expiresAt) {
    return new TestCertificate(
        template(principal).notBefore(notBefore).lifetime(Duration.between(notBefore, expiresAt)));
  }

  /** The names alone. */
  static LeafTemplate template(PrincipalId principal) {
    if (principal.mechanism().equals(MechanismName.MTLS)) {
      if (principal.isSpiffe()) {
        return LeafTemplate.spiffe(principal.nativeName());
      }
      if (principal.name().startsWith(DNS)) {
        return LeafTemplate.dnsName(principal.name().substring(DNS.length()));
      }
    }
    throw new IllegalArgumentException(
        "A certificate names mTLS principals with a SPIFFE ID or 'dns:' only, not " + principal);
  }

  List<X509Certificate> issuedBy(DevelopmentCa authority, boolean tampered) {
    List<X509Certificate> chain = authority.issue(template).chain();
    return tampered ? List.of(tampered(chain.get(0))) : chain;
  }

  /** A certificate ends with its signature (RFC 5280 section 4.1). */
  private static X509Certificate tampered(X509Certificate certificate) {
    try {
      byte[] der = certificate.getEncoded();
      der[der.length - 1] ^= 1;
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IllegalStateException("A signature is opaque to who reads a certificate", e);
    }
  }
}
