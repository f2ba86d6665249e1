// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import java.util.Set;

/** The algorithms that tokens may be signed by: asymmetric ones, by the names of their RFCs. */
final class Algorithms {
  /** RFC 7518 section 3.1, RFC 8037, RFC 9864; without {@code none} and shared secrets. */
  static final Set<String> USUAL =
      Set.of(
          "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA",
          "Ed25519");

  private Algorithms() {}

  static Set<String> of(String... names) {
    Set<String> some = Set.of(names);
    if (some.isEmpty() || !USUAL.containsAll(some)) {
      throw new IllegalArgumentException("Algorithms are some of " + USUAL + ", not " + some);
    }
    return some;
  }
}
