// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.EXPIRED;
import static dev.serviceidentity.mtls.CertificateRejection.MALFORMED;
import static dev.serviceidentity.mtls.CertificateRejection.NAME_CONSTRAINTS;
import static dev.serviceidentity.mtls.CertificateRejection.NOT_YET_VALID;
import static dev.serviceidentity.mtls.CertificateRejection.PATH_INVALID;
import static dev.serviceidentity.mtls.CertificateRejection.PATH_LENGTH;
import static dev.serviceidentity.mtls.CertificateRejection.SELF_SIGNED;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNATURE_INVALID;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_KEY_USAGE;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_NOT_CA;
import static dev.serviceidentity.mtls.CertificateRejection.UNKNOWN_CRITICAL_EXTENSION;
import static dev.serviceidentity.mtls.CertificateRejection.UNTRUSTED_ISSUER;
import static dev.serviceidentity.mtls.CertificateRejection.WEAK_SIGNATURE;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Path validation (RFC 5280 section 6) by the JDK, with its findings as our reasons. */
final class CertificatePath {
  private static final String NAME_CONSTRAINTS_EXTENSION = "2.5.29.30";

  private CertificatePath() {}

  /**
   * Validates a path, leaf first, that ends below its anchor.
   *
   * @return the anchor that issued it
   */
  static X509Certificate validate(List<X509Certificate> path, TrustBundle bundle, Instant now)
      throws RefusedCertificateException {
    requireNamesThatCanBeConstrained(path);
    try {
      var parameters = new PKIXParameters(bundle.anchors());
      parameters.setDate(Date.from(now));
      parameters.setRevocationEnabled(false);
      var result =
          (PKIXCertPathValidatorResult)
              CertPathValidator.getInstance("PKIX")
                  .validate(
                      CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return result.getTrustAnchor().getTrustedCert();
    } catch (CertPathValidatorException e) {
      throw new RefusedCertificateException(
          reason(e, path.get(0)),
          "Path validation says: " + ForeignText.quote(String.valueOf(e.getMessage())));
    } catch (CertificateException unreadable) {
      throw new RefusedCertificateException(MALFORMED, "The chain cannot be read as a path");
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("Every JDK validates PKIX paths", e);
    }
  }

  /**
   * The JDK compares its own reading of a name with the constraints, and drops a non-critical name
   * extension that it cannot parse: what it does not see it would not constrain. A URI name without
   * a host name must be refused where URIs are constrained (RFC 5280 section 4.2.1.10); there the
   * JDK fails with a NullPointerException.
   */
  private static void requireNamesThatCanBeConstrained(List<X509Certificate> path)
      throws RefusedCertificateException {
    boolean constrained =
        path.stream().anyMatch(c -> c.getExtensionValue(NAME_CONSTRAINTS_EXTENSION) != null);
    for (X509Certificate certificate : constrained ? path : List.<X509Certificate>of()) {
      LeafRules.require(
          certificate.getExtensionValue(SubjectNames.EXTENSION) == null
              || (jdkReads(certificate)
                  && SubjectNames.of(certificate).uris().stream()
                      .allMatch(CertificatePath::hasHost)),
          NAME_CONSTRAINTS,
          "A name is of a form that cannot be held against the name constraints");
    }
  }

  private static boolean jdkReads(X509Certificate certificate) {
    try {
      return certificate.getSubjectAlternativeNames() != null;
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static boolean hasHost(String uri) {
    try {
      return new URI(uri).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static CertificateRejection reason(CertPathValidatorException e, X509Certificate leaf) {
    if (e.getReason() instanceof PKIXReason reason) {
      return switch (reason) {
        case NO_TRUST_ANCHOR, NAME_CHAINING -> untrusted(leaf);
        case PATH_TOO_LONG -> PATH_LENGTH;
        case INVALID_NAME -> NAME_CONSTRAINTS;
        case NOT_CA_CERT -> SIGNER_NOT_CA;
        case INVALID_KEY_USAGE -> SIGNER_KEY_USAGE;
        case UNRECOGNIZED_CRIT_EXT -> UNKNOWN_CRITICAL_EXTENSION;
        case INVALID_POLICY -> PATH_INVALID;
      };
    }
    if (e.getReason() instanceof BasicReason reason) {
      return switch (reason) {
        case EXPIRED -> EXPIRED;
        case NOT_YET_VALID -> NOT_YET_VALID;
        case INVALID_SIGNATURE -> SIGNATURE_INVALID;
        case ALGORITHM_CONSTRAINED -> WEAK_SIGNATURE;
        case REVOKED, UNDETERMINED_REVOCATION_STATUS, UNSPECIFIED -> PATH_INVALID;
      };
    }
    return PATH_INVALID;
  }

  private static CertificateRejection untrusted(X509Certificate leaf) {
    return leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())
        ? SELF_SIGNED
        : UNTRUSTED_ISSUER;
  }
}
