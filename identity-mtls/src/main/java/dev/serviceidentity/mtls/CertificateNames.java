// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.NAME_MALFORMED;

import dev.serviceidentity.mtls.der.MalformedDerException;
import dev.serviceidentity.mtls.der.SubjectNames;
import java.security.cert.X509Certificate;

/** The names of a peer's certificate, or its refusal. */
final class CertificateNames {
  private CertificateNames() {}

  static SubjectNames of(X509Certificate certificate) throws RefusedCertificateException {
    try {
      return SubjectNames.of(certificate);
    } catch (MalformedDerException e) {
      throw new RefusedCertificateException(
          NAME_MALFORMED, "The subject alternative name is malformed: " + e.getMessage());
    }
  }
}
