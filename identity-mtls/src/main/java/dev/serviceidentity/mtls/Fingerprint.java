// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.spi.Sha256;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of a certificate, as {@code sha256:<hex>}. */
final class Fingerprint {
  private Fingerprint() {}

  /** Returns null for a certificate without encoding, which no parser makes. */
  static @Nullable String of(X509Certificate certificate) {
    try {
      return "sha256:" + Sha256.hex(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      return null;
    }
  }
}
