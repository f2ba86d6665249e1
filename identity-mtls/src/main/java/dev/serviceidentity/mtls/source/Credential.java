// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a source holds at one moment: own chain, own key, and whom to trust. Never printed.
 * Immutable and thread-safe.
 */
public final class Credential {
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final Map<String, TrustBundle> trust;

  private Credential(List<X509Certificate> chain, PrivateKey key, Map<String, TrustBundle> trust) {
    this.chain = chain;
    this.key = key;
    this.trust = trust;
  }

  /**
   * A reading of all three; whether they fit each other is checked by whoever uses it.
   *
   * @param chain the own certificate, then intermediates
   * @param key of the own certificate
   * @param trust whom to trust, a bundle for each trust domain
   * @return the reading
   * @throws IdentityException with code {@code CONFIGURATION} if there is no certificate or nobody
   *     to trust
   * @throws IllegalArgumentException if a trust domain has two bundles
   */
  public static Credential of(
      List<X509Certificate> chain, PrivateKey key, List<TrustBundle> trust) {
    if (chain.isEmpty()) {
      throw new IdentityException(
          CONFIGURATION, "There is a private key without certificate; give both");
    }
    if (trust.isEmpty()) {
      throw new IdentityException(
          CONFIGURATION,
          "There are no authorities, so that no peer could be verified; give a bundle of the own"
              + " trust domain");
    }
    return new Credential(List.copyOf(chain), Objects.requireNonNull(key, "key"), byDomain(trust));
  }

  /**
   * Bundles by their trust domains.
   *
   * @param bundles one for each trust domain
   * @return a copy
   * @throws IllegalArgumentException if a trust domain has two bundles
   */
  public static Map<String, TrustBundle> byDomain(List<TrustBundle> bundles) {
    var domains = new LinkedHashMap<String, TrustBundle>();
    for (TrustBundle bundle : bundles) {
      if (domains.put(bundle.trustDomain(), bundle) != null) {
        throw new IllegalArgumentException(
            "There are two bundles for the trust domain " + bundle.trustDomain());
      }
    }
    return Map.copyOf(domains);
  }

  /**
   * The own certificate.
   *
   * @return the first of the chain
   */
  public X509Certificate leaf() {
    return chain.get(0);
  }

  /**
   * What peers are shown.
   *
   * @return the own certificate, then intermediates
   */
  public List<X509Certificate> chain() {
    return chain;
  }

  /**
   * The key of the own certificate.
   *
   * @return not necessarily one that can be exported
   */
  public PrivateKey key() {
    return key;
  }

  /**
   * Whom to trust.
   *
   * @return bundles by their trust domains
   */
  public Map<String, TrustBundle> trust() {
    return trust;
  }

  /**
   * The same identity, trusting others.
   *
   * @param others bundles by their trust domains
   * @return a new value
   */
  public Credential trusting(Map<String, TrustBundle> others) {
    return new Credential(chain, key, Map.copyOf(others));
  }

  /**
   * Whether nothing has changed.
   *
   * @param other an earlier or later reading
   * @return true if chain, key and trust are equal
   */
  public boolean sameAs(Credential other) {
    return chain.equals(other.chain) && key.equals(other.key) && trust.equals(other.trust);
  }

  /** Returns how many certificates there are. */
  @Override
  public String toString() {
    return "Credential["
        + chain.size()
        + " certificates, "
        + trust.values().stream().mapToInt(bundle -> bundle.authorities().size()).sum()
        + " authorities]";
  }
}
