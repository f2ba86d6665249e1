// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The authorities of one trust domain.
 *
 * @param trustDomain the domain whose workloads they may name, and no other
 * @param authorities their certificates
 */
record TrustBundle(String trustDomain, Set<X509Certificate> authorities) {
  TrustBundle {
    authorities = Set.copyOf(authorities);
  }

  static TrustBundle of(String trustDomain, List<X509Certificate> authorities) {
    return new TrustBundle(trustDomain, new LinkedHashSet<>(authorities));
  }

  /**
   * Name constraints of an anchor itself are not enforced: RFC 5280 section 6.1.1 leaves it open.
   */
  Set<TrustAnchor> anchors() {
    return authorities.stream()
        .map(authority -> new TrustAnchor(authority, null))
        .collect(Collectors.toUnmodifiableSet());
  }
}
