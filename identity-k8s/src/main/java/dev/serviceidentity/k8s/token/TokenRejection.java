// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.caller.Reason;

/**
 * Why a token was refused, or could not be judged.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, JSON Web Token Best Current
 *     Practices</a>
 */
public enum TokenRejection implements Reason {
  /** More than 8,192 characters. */
  TOKEN_TOO_LARGE(Kind.UNAUTHENTICATED, "Let the caller ask for a token with fewer claims."),
  /**
   * No JWS in compact serialization in its one spelling, or its header or claims are no JSON of the
   * right types, each member once.
   */
  TOKEN_MALFORMED(
      Kind.UNAUTHENTICATED, "Let the caller send its token as it came from its issuer."),
  /** Five parts: a JWE, which could hide another token. */
  ENCRYPTED(Kind.UNAUTHENTICATED, "Let the caller send a token that is signed, not encrypted."),
  /** {@code cty} is there: what is signed is no claims but another token. */
  NESTED(Kind.UNAUTHENTICATED, "Let the caller send its token and not one that wraps it."),
  /** An algorithm that is not accepted, such as {@code none} or one with a shared secret. */
  ALGORITHM(
      Kind.UNAUTHENTICATED,
      "Treat it as an attack, unless the issuer signs so: then configure algorithms(...)."),
  /** {@code typ} is there and neither {@code JWT} nor {@code at+jwt}. */
  TYPE(Kind.UNAUTHENTICATED, "Let the caller send an access token and no token of another kind."),
  /** {@code crit} is there: the token has conditions that nobody here knows. */
  CRITICAL_HEADER(
      Kind.UNAUTHENTICATED, "Let the caller send its token as it came from its issuer."),
  /** {@code jku}, {@code jwk}, {@code x5u} or {@code x5c}: the token brings its own key. */
  EMBEDDED_KEY(Kind.UNAUTHENTICATED, "Treat it as an attack: the issuer's keys are known."),
  /** {@code kid} is no text of 1 to 200 visible characters. */
  KEY_ID_MALFORMED(Kind.UNAUTHENTICATED, "Treat it as an attack: no issuer names keys like this."),
  /** No {@code kid}, while the issuer has several keys. */
  KEY_ID_MISSING(Kind.UNAUTHENTICATED, "Let the issuer name the key in its tokens."),
  /** The issuer has no such key. */
  UNKNOWN_KEY(
      Kind.UNAUTHENTICATED,
      "If the issuer has just changed its keys, see health(): they may be out of date."),
  /** The key is of another kind than the algorithm, or has not signed the token. */
  SIGNATURE_INVALID(Kind.UNAUTHENTICATED, "Treat it as an attack."),
  /** {@code iss} is not the configured issuer. */
  OTHER_ISSUER(Kind.UNAUTHENTICATED, "Let the caller send a token of the configured issuer."),
  /** There is no {@code aud}. */
  NO_AUDIENCE(
      Kind.UNAUTHENTICATED, "Let the caller ask for a token for the audience of this service."),
  /** {@code aud} names others, not this service. */
  OTHER_AUDIENCE(
      Kind.UNAUTHENTICATED,
      "Let the caller ask for a token for one of the audiences of this service."),
  /** There is no {@code exp}. */
  NO_EXPIRY(
      Kind.UNAUTHENTICATED, "Let the caller use a projected token instead of one of a secret."),
  /** {@code exp} is over. */
  EXPIRED(
      Kind.UNAUTHENTICATED,
      "Let the caller read its token anew for each request; compare the clocks of both hosts."),
  /** {@code exp} is later than this service accepts. */
  LIFE_TOO_LONG(
      Kind.UNAUTHENTICATED,
      "Let tokens be issued for a shorter time, or configure longestLife(...)."),
  /** {@code nbf} or {@code iat} is in the future. */
  NOT_YET_VALID(
      Kind.UNAUTHENTICATED, "Compare the clocks of this host and of the issuer: clockSkew(...)."),
  /** The claims name nobody: not a service account, or a claim of the template is not there. */
  NO_PRINCIPAL(
      Kind.UNAUTHENTICATED,
      "Let the caller send a token of a service account, or correct the template of principals."),
  /** The API server does not know the token, or no longer: its pod or account was deleted. */
  NOT_AUTHENTICATED(
      Kind.UNAUTHENTICATED,
      "Let the caller read its token anew; if its pod is gone, it was taken."),
  /** The API server says another name or audience than the token, or none. */
  REVIEW_DISAGREES(
      Kind.UNAUTHENTICATED, "Treat it as an attack, or see whose API server has answered."),
  /** This service may not create TokenReviews. */
  REVIEW_FORBIDDEN(
      Kind.UNDECIDED,
      "Grant this service's account create on tokenreviews.authentication.k8s.io, and no more than"
          + " that: deploy/kubernetes/rights.yaml."),
  /** The API server has not answered. */
  REVIEW_UNAVAILABLE(
      Kind.UNDECIDED, "See health(): the connection to the Kubernetes API is lost or slow."),
  /** The issuer's keys have not been seen for longer than they may be used. */
  KEYS_UNAVAILABLE(Kind.UNDECIDED, "See health(): it says why the issuer's keys are not there.");

  private final Kind kind;
  private final String remedy;

  TokenRejection(Kind kind, String remedy) {
    this.kind = kind;
    this.remedy = remedy;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String remedy() {
    return remedy;
  }
}
