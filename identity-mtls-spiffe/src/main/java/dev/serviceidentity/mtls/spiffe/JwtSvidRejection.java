// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.caller.Reason;

/**
 * Why a JWT-SVID was refused.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 */
public enum JwtSvidRejection implements Reason {
  /** More than 8,192 characters. */
  TOKEN_TOO_LARGE("Let the caller ask for a token with fewer audiences."),
  /** No JWS in compact serialization, or its header or claims are no JSON of the right types. */
  TOKEN_MALFORMED("Let the caller send its JWT-SVID as it came from its agent."),
  /** An algorithm that JWT-SVIDs do not have, such as {@code none} or one with a shared secret. */
  ALGORITHM("Treat it as an attack: no agent issues such tokens."),
  /** {@code typ} is there and neither {@code JWT} nor {@code JOSE}. */
  TYPE("Let the caller send its JWT-SVID and no token of another kind."),
  /** {@code crit} is there: the token has conditions that nobody here knows. */
  CRITICAL_HEADER("Let the caller send its JWT-SVID as it came from its agent."),
  /** No {@code kid}, so that the key is not known. */
  KEY_ID_MISSING("Let the caller's trust domain issue JWT-SVIDs with a key ID."),
  /** {@code sub} is no SPIFFE ID of a workload. */
  SUBJECT("Let the caller send its JWT-SVID and no token of another issuer."),
  /** There is no bundle of the trust domain of {@code sub}. */
  UNKNOWN_TRUST_DOMAIN("If its callers are expected, federate with that trust domain."),
  /** The bundle of the trust domain has no such key. */
  UNKNOWN_KEY("If its authority has just been rotated, see health(): bundles may be out of date."),
  /** The key is of another kind than the algorithm, or has not signed the token. */
  SIGNATURE_INVALID("Treat it as an attack."),
  /** There is no {@code exp}. */
  NO_EXPIRY("Let the caller's trust domain issue tokens that end."),
  /** {@code exp} is over. */
  EXPIRED("Let the caller ask its agent for a new token; compare the clocks of both hosts."),
  /** {@code exp} is later than this service accepts. */
  LIFE_TOO_LONG("Let tokens be issued for a shorter time, or configure longestLife(...)."),
  /** {@code nbf} or {@code iat} is in the future. */
  NOT_YET_VALID("Compare the clocks of this host and of the caller's agent."),
  /** There is no {@code aud}. */
  NO_AUDIENCE("Let the caller ask for a token for the audience of this service."),
  /** {@code aud} names others, not this service. */
  OTHER_AUDIENCE("Let the caller ask for a token for one of the audiences of this service.");

  private final String remedy;

  JwtSvidRejection(String remedy) {
    this.remedy = remedy;
  }

  @Override
  public Kind kind() {
    return Kind.UNAUTHENTICATED;
  }

  @Override
  public String remedy() {
    return remedy;
  }
}
