// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.io.Serial;
import java.security.cert.CertificateException;

/**
 * A certificate was refused. Inside this module only: at its edges it becomes a rejected
 * verification, a TLS alert, or an {@code IdentityException} about the own certificate.
 */
final class RefusedCertificateException extends CertificateException {
  @Serial private static final long serialVersionUID = 1L;

  private final CertificateRejection rejection;
  private final String detail;

  RefusedCertificateException(CertificateRejection rejection, String detail) {
    super(rejection + ": " + detail + ". " + rejection.remedy());
    this.rejection = rejection;
    this.detail = detail;
  }

  CertificateRejection rejection() {
    return rejection;
  }

  /** The facts of this case; foreign text in it is escaped. */
  String detail() {
    return detail;
  }
}
