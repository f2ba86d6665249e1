// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What a source holds at one moment: own chain, own key, and whom to trust. Never printed. */
final class Credential {
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final TrustBundle trust;

  Credential(List<X509Certificate> chain, PrivateKey key, TrustBundle trust) {
    this.chain = List.copyOf(chain);
    this.key = key;
    this.trust = trust;
  }

  X509Certificate leaf() {
    return chain.get(0);
  }

  List<X509Certificate> chain() {
    return chain;
  }

  PrivateKey key() {
    return key;
  }

  TrustBundle trust() {
    return trust;
  }

  Credential trusting(TrustBundle others) {
    return new Credential(chain, key, others);
  }

  boolean sameAs(Credential other) {
    return chain.equals(other.chain) && key.equals(other.key) && trust.equals(other.trust);
  }

  @Override
  public String toString() {
    return "Credential["
        + chain.size()
        + " certificates, "
        + trust.authorities().size()
        + " roots]";
  }
}
