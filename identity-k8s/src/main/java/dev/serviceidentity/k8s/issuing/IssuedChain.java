// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import dev.serviceidentity.identity.IdentityException;
import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a signer wrote: PEM, in which text may stand around the certificates. */
final class IssuedChain {
  private static final int MOST_CERTIFICATES = 10;
  private static final int MOST_CHARACTERS = 128 * 1024;

  private IssuedChain() {}

  /**
   * Reads the certificates.
   *
   * @param encoded PEM in Base64
   * @param who for messages
   * @throws IdentityException with code {@code REFUSED} if it is no chain, or too long
   */
  static List<X509Certificate> parse(String encoded, String who) {
    if (encoded.length() > MOST_CHARACTERS) {
      throw wrong(who, "more than " + MOST_CHARACTERS + " characters", null);
    }
    try {
      Collection<? extends Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Base64.getDecoder().decode(encoded)));
      if (chain.isEmpty() || chain.size() > MOST_CERTIFICATES) {
        throw wrong(who, chain.size() + " certificates, not 1 to " + MOST_CERTIFICATES, null);
      }
      return chain.stream().map(X509Certificate.class::cast).toList();
    } catch (CertificateException | IllegalArgumentException e) {
      throw wrong(who, "something else than certificates in PEM", e);
    }
  }

  private static IdentityException wrong(String who, String what, @Nullable Throwable cause) {
    return new IdentityException(
        IdentityException.Code.REFUSED, who + " answered " + what + "; see its log", cause);
  }
}
