// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.EMPTY_SUBJECT_NEEDS_CRITICAL_NAME;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_IS_CA;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_SIGNS_CERTIFICATES;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_SIGNS_REVOCATIONS;
import static dev.serviceidentity.mtls.CertificateRejection.MALFORMED;
import static dev.serviceidentity.mtls.CertificateRejection.NOT_VERSION_3;
import static dev.serviceidentity.mtls.CertificateRejection.NO_DIGITAL_SIGNATURE;
import static dev.serviceidentity.mtls.CertificateRejection.SERIAL_NOT_POSITIVE;
import static dev.serviceidentity.mtls.CertificateRejection.UNKNOWN_CRITICAL_EXTENSION;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The rules for a leaf that hold in every profile. */
final class LeafRules {
  static final String KEY_USAGE = "2.5.29.15";

  // Bits of the key usage (RFC 5280 section 4.2.1.3).
  static final int DIGITAL_SIGNATURE = 0;
  static final int KEY_CERT_SIGN = 5;
  static final int CRL_SIGN = 6;

  private static final X500Principal NOBODY = new X500Principal("");

  private LeafRules() {}

  static void check(X509Certificate leaf) throws RefusedCertificateException {
    require(leaf.getVersion() == 3, NOT_VERSION_3, () -> "The version is " + leaf.getVersion());
    require(leaf.getSerialNumber().signum() > 0, SERIAL_NOT_POSITIVE, "The serial is not positive");
    require(
        !leaf.hasUnsupportedCriticalExtension(),
        UNKNOWN_CRITICAL_EXTENSION,
        () -> "The critical extensions are " + Extensions.critical(leaf));
    require(leaf.getBasicConstraints() < 0, LEAF_IS_CA, "The leaf has CA:TRUE");
    require(
        !leaf.getSubjectX500Principal().equals(NOBODY)
            || Extensions.critical(leaf).contains(SubjectNames.EXTENSION),
        EMPTY_SUBJECT_NEEDS_CRITICAL_NAME,
        "The subject is empty");
    boolean[] usage = leaf.getKeyUsage();
    if (usage != null) {
      keyUsage(usage);
    }
  }

  /** The purposes in the extended key usage, or null if there is none. */
  static @Nullable List<String> purposes(X509Certificate leaf) throws RefusedCertificateException {
    try {
      return leaf.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new RefusedCertificateException(MALFORMED, "The extended key usage is malformed");
    }
  }

  static void require(boolean holds, CertificateRejection otherwise, String detail)
      throws RefusedCertificateException {
    if (!holds) {
      throw new RefusedCertificateException(otherwise, detail);
    }
  }

  /** The same where it costs something to say what is wrong, as nothing is in most handshakes. */
  static void require(boolean holds, CertificateRejection otherwise, Supplier<String> detail)
      throws RefusedCertificateException {
    if (!holds) {
      throw new RefusedCertificateException(otherwise, detail.get());
    }
  }

  private static void keyUsage(boolean[] usage) throws RefusedCertificateException {
    require(!usage[KEY_CERT_SIGN], LEAF_SIGNS_CERTIFICATES, "The leaf has keyCertSign");
    require(!usage[CRL_SIGN], LEAF_SIGNS_REVOCATIONS, "The leaf has cRLSign");
    require(usage[DIGITAL_SIGNATURE], NO_DIGITAL_SIGNATURE, "The key usage lacks digitalSignature");
  }
}
