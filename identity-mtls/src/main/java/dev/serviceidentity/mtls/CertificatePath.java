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

import dev.serviceidentity.spi.ForeignText;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Path validation (RFC 5280 section 6) by the JDK, with its findings as our reasons. */
final class CertificatePath {
  private final @Nullable RevocationCheck revocation;

  CertificatePath(@Nullable Revocation revocation) {
    this.revocation = revocation == null ? null : new RevocationCheck(revocation);
  }

  /**
   * Validates a path from an anchor's name and key.
   *
   * @param path the leaf first, ending below the anchor
   */
  static void validate(List<X509Certificate> path, X509Certificate anchor, Instant now)
      throws RefusedCertificateException {
    NameConstraints.requireComparableNames(withAnchor(path, anchor));
    try {
      requireValid(path, parameters(anchor, now));
    } catch (CertPathValidatorException e) {
      throw new RefusedCertificateException(reason(e, path.get(0)), says(e));
    } catch (UnsupportedOperationException kindThatTheJdkCannotCompare) {
      throw new RefusedCertificateException(
          NAME_CONSTRAINTS, "A name is of a kind that cannot be held against the name constraints");
    } catch (CertificateException unreadable) {
      throw new RefusedCertificateException(MALFORMED, "The chain cannot be read as a path");
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("Every JDK validates PKIX paths", e);
    }
  }

  /**
   * Asks whether any of them has been revoked.
   *
   * @param path the leaf first, ending below the anchor
   */
  void checkRevocation(List<X509Certificate> path, X509Certificate anchor, Instant now)
      throws RefusedCertificateException {
    if (revocation != null) {
      revocation.check(withAnchor(path, anchor), now);
    }
  }

  static PKIXParameters parameters(X509Certificate anchor, Instant now)
      throws InvalidAlgorithmParameterException {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
    parameters.setDate(Date.from(now));
    parameters.setRevocationEnabled(false);
    return parameters;
  }

  static void requireValid(List<X509Certificate> path, PKIXParameters parameters)
      throws CertPathValidatorException,
          CertificateException,
          NoSuchAlgorithmException,
          InvalidAlgorithmParameterException {
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
  }

  static String says(CertPathValidatorException e) {
    return "Path validation says: " + ForeignText.quote(String.valueOf(e.getMessage()));
  }

  /**
   * Holds a valid path to what its anchor says of those below it. The JDK takes no notice of that,
   * and refuses to be told an anchor's name constraints; but who lists a constrained authority in
   * ca.crt means the constraints too.
   *
   * @param path the leaf first, ending below the anchor
   */
  static void checkConstraints(List<X509Certificate> path, X509Certificate anchor)
      throws RefusedCertificateException {
    // Self-issued authorities do not count (RFC 5280 section 6.1.4, l).
    int others = 0;
    for (X509Certificate signer : path.subList(1, path.size())) {
      others += NameConstraints.isSelfIssued(signer) ? 0 : 1;
    }
    int signers = others;
    LeafRules.require(
        signers <= anchor.getBasicConstraints(),
        PATH_LENGTH,
        () ->
            "The anchor permits "
                + anchor.getBasicConstraints()
                + " authorities below it, and there are "
                + signers);
    NameConstraints.check(withAnchor(path, anchor));
  }

  private static List<X509Certificate> withAnchor(
      List<X509Certificate> path, X509Certificate anchor) {
    var whole = new ArrayList<>(path);
    whole.add(anchor);
    return whole;
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

  /** Of a leaf to which no anchor's name leads. */
  static CertificateRejection untrusted(X509Certificate leaf) {
    return NameConstraints.isSelfIssued(leaf) ? SELF_SIGNED : UNTRUSTED_ISSUER;
  }
}
