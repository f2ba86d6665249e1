// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One generation of identity and trust. They are replaced together, unless the identity has to stay
 * because its replacement is no good; trust alone is a generation too. Immutable.
 *
 * @param identity who this is, its validity and the generation
 * @param credential chain, key and the bundles that came with them
 * @param trust the bundles of all trust domains
 * @param readNumber counts readings at both ends, here at the end of the one that brought it: only
 *     one that began later is certain to have read nothing older
 * @param loadedAt when it came into use
 */
record Material(
    IdentitySnapshot identity,
    Credential credential,
    Map<String, TrustBundle> trust,
    long readNumber,
    Instant loadedAt) {
  /** Whoever renews certificates does so with more than this part of their life left. */
  private static final int LATE_PART = 5;

  long generation() {
    return identity.generation();
  }

  /** When a renewal is overdue. */
  Instant lateAt() {
    Duration life = Duration.between(identity.notBefore(), identity.expiresAt());
    return identity.expiresAt().minus(life.dividedBy(LATE_PART));
  }

  /** The next generation: the same identity, expired or not, and other trust. */
  Material trusting(
      Map<String, TrustBundle> source, Map<String, TrustBundle> others, long read, Instant now) {
    var same =
        new IdentitySnapshot(
            identity.principal(), identity.notBefore(), identity.expiresAt(), generation() + 1);
    return new Material(same, credential.trusting(source), others, read, now);
  }
}
