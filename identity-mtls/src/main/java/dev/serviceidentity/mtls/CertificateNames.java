// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.NAME_MALFORMED;

import dev.serviceidentity.mtls.der.MalformedDerException;
import dev.serviceidentity.mtls.der.SubjectNames;
import java.security.cert.X509Certificate;
import java.util.List;

/** The names of a peer's certificate, or its refusal. */
final class CertificateNames {
  private CertificateNames() {}

  /** The one name of a kind, where several would leave it open who it is. */
  static String only(
      List<String> names, CertificateRejection none, CertificateRejection several, String kind)
      throws RefusedCertificateException {
    if (names.isEmpty()) {
      throw new RefusedCertificateException(none, "The leaf has no " + kind);
    }
    if (names.size() > 1) {
      throw new RefusedCertificateException(
          several, "There are " + names.size() + " " + kind + "s");
    }
    return names.get(0);
  }

  static SubjectNames of(X509Certificate certificate) throws RefusedCertificateException {
    try {
      return SubjectNames.of(certificate);
    } catch (MalformedDerException e) {
      throw new RefusedCertificateException(
          NAME_MALFORMED, "The subject alternative name is malformed: " + e.getMessage());
    }
  }
}
