// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * The authorities of one trust domain. Each is trusted by itself, within what its certificate
 * permits; an intermediate that is listed is not held to what the root above it says.
 *
 * @param trustDomain the domain whose workloads they may name, and no other
 * @param authorities their certificates
 */
public record TrustBundle(String trustDomain, Set<X509Certificate> authorities) {
  /**
   * Copies the set.
   *
   * @param trustDomain the domain whose workloads they may name
   * @param authorities their certificates
   */
  public TrustBundle {
    authorities = Collections.unmodifiableSet(new LinkedHashSet<>(authorities));
  }

  /**
   * The same from a list, in which a certificate may be twice.
   *
   * @param trustDomain the domain whose workloads they may name
   * @param authorities their certificates
   * @return the bundle
   */
  public static TrustBundle of(String trustDomain, List<X509Certificate> authorities) {
    return new TrustBundle(trustDomain, new LinkedHashSet<>(authorities));
  }

  /**
   * The authorities of this name.
   *
   * @param name a subject
   * @return more than one where a root is being renewed
   */
  public List<X509Certificate> named(X500Principal name) {
    var named = new ArrayList<X509Certificate>(1);
    for (X509Certificate authority : authorities) {
      if (authority.getSubjectX500Principal().equals(name)) {
        named.add(authority);
      }
    }
    return named;
  }
}
