// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A JWT-SVID of this service. Never printed. */
final class JwtSvid implements Latest.Update {
  private static final int PARTS = 3;

  private final SpiffeId subject;
  private final Instant obtainedAt;
  private final Instant expiresAt;
  private final String token;

  JwtSvid(SpiffeId subject, Instant obtainedAt, Instant expiresAt, String token) {
    this.subject = subject;
    this.obtainedAt = obtainedAt;
    this.expiresAt = expiresAt;
    this.token = token;
  }

  SpiffeId subject() {
    return subject;
  }

  Instant obtainedAt() {
    return obtainedAt;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  String token() {
    return token;
  }

  /** After two thirds of what was left when it came. */
  Instant renewAt() {
    return expiresAt.minus(Duration.between(obtainedAt, expiresAt).dividedBy(PARTS));
  }

  @Override
  public @Nullable IdentityException trouble() {
    return null;
  }

  /** Returns whose it is. */
  @Override
  public String toString() {
    return "JwtSvid[" + subject + " until " + expiresAt + "]";
  }
}
