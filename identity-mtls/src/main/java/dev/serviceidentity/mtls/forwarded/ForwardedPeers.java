// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.PrincipalId;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * How an identity judges the certificates and names that proxies pass on: by the rules for its own
 * peers. What connects {@link ForwardedCallers} to an {@code MtlsIdentity}; not for callers of this
 * library. Thread-safe.
 */
public interface ForwardedPeers {
  /**
   * The own identity, under which a sidecar of this service ends TLS.
   *
   * @return never null
   * @throws dev.serviceidentity.identity.IdentityException after closing
   */
  PrincipalId self();

  /**
   * Judges a chain whose leaf's key a proxy says it has seen proven.
   *
   * @param chain the leaf first
   * @return the caller, or why it is refused
   */
  Verification verify(List<X509Certificate> chain);

  /**
   * Judges names for which there is only a proxy's word.
   *
   * @param uris the URI names that the certificate had
   * @param dnsNames its DNS names
   * @return the caller, or why it is refused
   */
  Verification named(List<String> uris, List<String> dnsNames);
}
