// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.IdentityException;
import java.time.Duration;
import java.time.Instant;

/**
 * A token by which this service calls others. It is held to the same form as those of callers, so
 * that what they would refuse is never sent.
 *
 * @param token as it was read; secret
 * @param self whom it names
 * @param readAt when it was read
 */
record OwnToken(ReadToken token, Caller self, Instant readAt) {
  private static final int PART_OF_LIFE = 3;

  /**
   * Reads a token for one audience.
   *
   * @param text the token
   * @param from what it is said to come from if it is no good
   */
  static OwnToken read(String text, String audience, TokenForm form, String from, Instant now) {
    try {
      ReadToken token = ReadToken.parse(text, form.algorithms());
      Caller self = form.naming().caller(token.claims(), now);
      if (!token.claims().audiences().contains(audience)) {
        throw wrong(from, "is not for the audience " + audience);
      }
      if (!now.isBefore(self.expiresAt())) {
        throw wrong(from, "ended at " + self.expiresAt() + " while it is " + now);
      }
      return new OwnToken(token, self, now);
    } catch (RefusedToken e) {
      throw wrong(from, "is no good: " + e.getMessage());
    }
  }

  private static IdentityException wrong(String from, String what) {
    return new IdentityException(
        REFUSED, "The token " + from + " " + what + "; correct its volume or its issuer");
  }

  Instant expiresAt() {
    return self.expiresAt();
  }

  /** After two thirds of the time that was left when it was read. */
  Instant renewAt() {
    Duration life = Duration.between(readAt, expiresAt());
    return expiresAt().minus(life.dividedBy(PART_OF_LIFE));
  }

  /** Redacted. */
  @Override
  public String toString() {
    return "OwnToken[" + self + " until " + expiresAt() + "]";
  }
}
