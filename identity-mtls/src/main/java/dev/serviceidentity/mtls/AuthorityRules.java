// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.ANCHOR_EXPIRED;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_KEY_USAGE;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_NOT_CA;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_NOT_VALID_NOW;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_PURPOSE;
import static dev.serviceidentity.mtls.CertificateRejection.UNKNOWN_CRITICAL_EXTENSION;
import static dev.serviceidentity.mtls.LeafRules.require;

import dev.serviceidentity.mtls.der.Extensions;
import dev.serviceidentity.mtls.der.SubjectNames;
import dev.serviceidentity.spi.ForeignText;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The rules for authorities that hold in every profile, each looked at alone; {@link
 * CertificatePath} looks at what they say about those below them.
 */
final class AuthorityRules {
  private static final String ANY_PURPOSE = "551d2500";

  /** Of an anchor; every other one constrains in a way that nobody here would apply. */
  private static final Set<String> KNOWN_CRITICAL_EXTENSIONS =
      Set.of(
          Usages.KEY_USAGE,
          SubjectNames.EXTENSION,
          NameConstraints.EXTENSION,
          Usages.BASIC_CONSTRAINTS,
          Usages.EXTENDED_KEY_USAGE,
          "2.5.29.32"); // certificate policies: they limit nothing unless one is demanded

  private AuthorityRules() {}

  /** An authority between the leaf and the anchor. */
  static void checkSigner(X509Certificate signer, PeerRole role, Instant now)
      throws RefusedCertificateException {
    Usages usages = checkAuthority(signer, role);
    require(
        usages.keyUsage() != null, SIGNER_KEY_USAGE, () -> subject(signer) + " has no key usage");
    require(
        isValid(signer, now),
        SIGNER_NOT_VALID_NOW,
        () -> subject(signer) + " is not valid at " + now);
  }

  /** An authority of ca.crt. Many old roots have no key usage, and RFC 5280 permits it. */
  static void checkAnchor(X509Certificate anchor, PeerRole role, Instant now)
      throws RefusedCertificateException {
    require(
        isValid(anchor, now), ANCHOR_EXPIRED, () -> subject(anchor) + " is not valid at " + now);
    AlgorithmPolicy.checkKey(anchor.getPublicKey());
    checkAuthority(anchor, role);
    Set<String> critical = Extensions.critical(anchor);
    require(
        KNOWN_CRITICAL_EXTENSIONS.containsAll(critical),
        UNKNOWN_CRITICAL_EXTENSION,
        () -> "The critical extensions of " + subject(anchor) + " are " + critical);
  }

  private static Usages checkAuthority(X509Certificate authority, PeerRole role)
      throws RefusedCertificateException {
    Usages usages = Usages.of(authority);
    require(
        usages.authority() && authority.getBasicConstraints() >= 0,
        SIGNER_NOT_CA,
        () -> subject(authority) + " is not an authority");
    require(
        usages.permits(Usages.KEY_CERT_SIGN),
        SIGNER_KEY_USAGE,
        () -> subject(authority) + " lacks keyCertSign");
    List<String> purposes = usages.purposes();
    require(
        purposes == null || purposes.contains(role.keyPurpose()) || purposes.contains(ANY_PURPOSE),
        SIGNER_PURPOSE,
        () -> "The extended key usage of " + subject(authority) + " is not for a TLS " + role);
    return usages;
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && now.isBefore(certificate.getNotAfter().toInstant());
  }

  private static String subject(X509Certificate authority) {
    return ForeignText.quote(authority.getSubjectX500Principal().getName());
  }
}
