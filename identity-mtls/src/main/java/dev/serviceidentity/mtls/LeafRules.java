// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.EMPTY_SUBJECT_NEEDS_CRITICAL_NAME;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_IS_CA;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_SIGNS_CERTIFICATES;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_SIGNS_REVOCATIONS;
import static dev.serviceidentity.mtls.CertificateRejection.NOT_VERSION_3;
import static dev.serviceidentity.mtls.CertificateRejection.NO_DIGITAL_SIGNATURE;
import static dev.serviceidentity.mtls.CertificateRejection.SERIAL_NOT_POSITIVE;
import static dev.serviceidentity.mtls.CertificateRejection.UNKNOWN_CRITICAL_EXTENSION;

import dev.serviceidentity.mtls.der.Extensions;
import dev.serviceidentity.mtls.der.SubjectNames;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;

/** The rules for a leaf that hold in every profile. */
final class LeafRules {
  private static final X500Principal NOBODY = new X500Principal("");

  private LeafRules() {}

  /** Returns what the leaf may be used for. */
  static Usages check(X509Certificate leaf) throws RefusedCertificateException {
    require(leaf.getVersion() == 3, NOT_VERSION_3, () -> "The version is " + leaf.getVersion());
    require(leaf.getSerialNumber().signum() > 0, SERIAL_NOT_POSITIVE, "The serial is not positive");
    require(
        !leaf.hasUnsupportedCriticalExtension(),
        UNKNOWN_CRITICAL_EXTENSION,
        () -> "The critical extensions are " + Extensions.critical(leaf));
    Usages usages = Usages.of(leaf);
    require(
        !usages.authority() && leaf.getBasicConstraints() < 0, LEAF_IS_CA, "The leaf has CA:TRUE");
    require(
        !leaf.getSubjectX500Principal().equals(NOBODY)
            || Extensions.critical(leaf).contains(SubjectNames.EXTENSION),
        EMPTY_SUBJECT_NEEDS_CRITICAL_NAME,
        "The subject is empty");
    if (usages.keyUsage() != null) {
      keyUsage(usages);
    }
    return usages;
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

  private static void keyUsage(Usages usage) throws RefusedCertificateException {
    require(
        !usage.permits(Usages.KEY_CERT_SIGN), LEAF_SIGNS_CERTIFICATES, "The leaf has keyCertSign");
    require(!usage.permits(Usages.CRL_SIGN), LEAF_SIGNS_REVOCATIONS, "The leaf has cRLSign");
    require(
        usage.permits(Usages.DIGITAL_SIGNATURE),
        NO_DIGITAL_SIGNATURE,
        "The key usage lacks digitalSignature");
  }
}
