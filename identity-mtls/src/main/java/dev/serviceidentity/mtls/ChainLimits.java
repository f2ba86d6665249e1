// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.CHAIN_REPEATS;
import static dev.serviceidentity.mtls.CertificateRejection.CHAIN_TOO_LARGE;
import static dev.serviceidentity.mtls.CertificateRejection.CHAIN_TOO_LONG;
import static dev.serviceidentity.mtls.CertificateRejection.CHAIN_UNRELATED;
import static dev.serviceidentity.mtls.CertificateRejection.MALFORMED;
import static dev.serviceidentity.mtls.LeafRules.require;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;

/** What a chain may cost before anything in it is believed. */
final class ChainLimits {
  static final int MOST_CERTIFICATES = 10;
  private static final int MOST_BYTES = 64 * 1024;

  private ChainLimits() {}

  static void check(List<X509Certificate> chain) throws RefusedCertificateException {
    require(
        chain.size() <= MOST_CERTIFICATES,
        CHAIN_TOO_LONG,
        () -> "The chain has " + chain.size() + " certificates");
    int bytes = size(chain);
    require(bytes <= MOST_BYTES, CHAIN_TOO_LARGE, () -> "The chain has " + bytes + " bytes");
    require(
        new HashSet<>(chain).size() == chain.size(),
        CHAIN_REPEATS,
        "The chain has the same certificate twice");
    for (int i = 1; i < chain.size(); i++) {
      int number = i + 1;
      require(
          chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal()),
          CHAIN_UNRELATED,
          () -> "Certificate " + number + " of the chain is not the issuer of the one before it");
    }
  }

  private static int size(List<X509Certificate> chain) throws RefusedCertificateException {
    try {
      int bytes = 0;
      for (X509Certificate certificate : chain) {
        bytes += certificate.getEncoded().length;
      }
      return bytes;
    } catch (CertificateEncodingException e) {
      throw new RefusedCertificateException(MALFORMED, "A certificate has no encoding");
    }
  }
}
