// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a proxy in front of this service changes about the evidence of a request. That is little:
 *
 * <ul>
 *   <li>The source is the socket's far end under every policy. No {@code X-Forwarded-For}, {@code
 *       Forwarded} or like header counts, since whoever reaches the port can write it, and the
 *       source is what binds a caller to its pod.
 *   <li>Whom a proxy speaks for is said in {@code ForwardedCallers} of identity-mtls, which
 *       believes a proxy that has proven its own identity on the connection.
 *   <li>A Kerberos token may be bound to the certificate of the TLS that the caller speaks (RFC
 *       5929). Where a proxy ends that TLS, the certificate is the proxy's, and this is where it is
 *       named.
 * </ul>
 *
 * <p>Immutable and thread-safe, as far as what supplies certificates is.
 */
public final class ProxyPolicy {
  private static final ProxyPolicy NONE = new ProxyPolicy(List::of);

  private final Supplier<? extends Collection<X509Certificate>> certificates;

  private ProxyPolicy(Supplier<? extends Collection<X509Certificate>> certificates) {
    this.certificates = certificates;
  }

  /**
   * Callers speak TLS with this service itself.
   *
   * @return the policy that holds unless another one is named
   */
  public static ProxyPolicy none() {
    return NONE;
  }

  /**
   * Callers speak TLS with a proxy, which shows them one of these certificates. Tokens that are
   * bound to one of them are accepted beside those bound to this service's own.
   *
   * <p><b>On every connection,</b> encrypted or not, since nothing of the proxy's TLS can be seen
   * from here: a token that is stolen where the proxy hands it on could be sent from elsewhere, as
   * long as it is new. Let the proxy encrypt its connections to this service.
   *
   * @param certificates gives the leaf certificates that the proxy shows now, and those that it has
   *     shown on connections that are still open; asked at each request, from many threads, so it
   *     must answer from memory. A handful: each token is held against all of them
   * @return the policy
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5929#section-4">RFC 5929, section 4</a>
   */
  public static ProxyPolicy tlsEndedWith(
      Supplier<? extends Collection<X509Certificate>> certificates) {
    return new ProxyPolicy(Objects.requireNonNull(certificates, "certificates"));
  }

  Collection<X509Certificate> certificates() {
    return certificates.get();
  }
}
