// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import java.time.Instant;
import java.util.Objects;

/**
 * What is known of an own identity at one moment: its name, its validity and its generation, and no
 * secret. Immutable and thread-safe.
 *
 * @param principal the proven name
 * @param notBefore the first instant at which the credential is valid
 * @param expiresAt the instant from which it no longer is
 * @param generation 1 for the first credential, one more with each rotation
 */
public record IdentitySnapshot(
    PrincipalId principal, Instant notBefore, Instant expiresAt, long generation) {

  /**
   * Checks that no part is missing.
   *
   * @param principal the proven name
   * @param notBefore the first instant of validity
   * @param expiresAt the end of validity
   * @param generation the count of rotations, from 1
   */
  public IdentitySnapshot {
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(notBefore, "notBefore");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /**
   * Tells whether the credential is valid at an instant.
   *
   * @param instant the time to ask about
   * @return true from {@code notBefore} until just before {@code expiresAt}
   */
  public boolean isValidAt(Instant instant) {
    return !instant.isBefore(notBefore) && instant.isBefore(expiresAt);
  }
}
