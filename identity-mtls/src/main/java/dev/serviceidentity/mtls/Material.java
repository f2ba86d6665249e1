// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.IdentitySnapshot;
import java.time.Instant;
import java.util.Map;

/**
 * One generation of identity and trust, which are replaced together or not at all. Immutable.
 *
 * @param identity who this is, its validity and the generation
 * @param credential chain, key and trust
 * @param readNumber the count of the reading that brought it; a slower, earlier one never replaces
 *     it
 * @param loadedAt when it came into use
 */
record Material(
    IdentitySnapshot identity, Credential credential, long readNumber, Instant loadedAt) {
  long generation() {
    return identity.generation();
  }

  Map<String, TrustBundle> trust() {
    return Map.of(credential.trust().trustDomain(), credential.trust());
  }
}
