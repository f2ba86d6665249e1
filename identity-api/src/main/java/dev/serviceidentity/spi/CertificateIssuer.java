// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import dev.serviceidentity.identity.IdentityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * An authority that signs certificate requests, for implementing: a Kubernetes signer, a company's
 * authority, one for development. It never sees the key. May be asked by several threads at once.
 */
@FunctionalInterface
public interface CertificateIssuer {
  /**
   * What an authority answers.
   *
   * @param chain the issued certificate, then intermediates
   * @param authorities whom to trust; empty if the authority does not say
   */
  record Issued(List<X509Certificate> chain, List<X509Certificate> authorities) {
    /**
     * Copies the lists.
     *
     * @param chain the issued certificate, then intermediates
     * @param authorities whom to trust
     */
    public Issued {
      chain = List.copyOf(chain);
      authorities = List.copyOf(authorities);
    }
  }

  /**
   * Has a certificate signed. Blocks until there is an answer, at most about a minute; called on a
   * thread that waits for nothing else, and interrupted when its identity is closed. Whoever asks
   * tries again, so this does not.
   *
   * @param request a PKCS#10 request (RFC 2986) in DER, signed by the key that it is for
   * @param lifetime how long the certificate should be valid; the authority may say otherwise
   * @return the certificate
   * @throws IdentityException with code {@code AUTHORITY_UNREACHABLE} if there is no answer, {@code
   *     REFUSED} if the answer is no
   * @throws InterruptedException if the thread was interrupted
   */
  Issued issue(byte[] request, Duration lifetime) throws InterruptedException;
}
