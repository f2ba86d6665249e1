// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.ALGORITHM;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.CRITICAL_HEADER;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.KEY_ID_MISSING;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.NO_EXPIRY;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.SUBJECT;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.TOKEN_MALFORMED;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.TOKEN_TOO_LARGE;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.TYPE;
import static dev.serviceidentity.mtls.spiffe.RefusedTokenException.require;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serviceidentity.mtls.SpiffeId;
import dev.serviceidentity.spi.ForeignText;
import java.text.ParseException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A JWT-SVID taken apart and held to the form of the standard. What it says is not verified yet.
 *
 * @param jwt header, claims and signature
 * @param claims the claims
 * @param subject whose it says that it is
 */
record JwtSvidToken(SignedJWT jwt, JWTClaimsSet claims, SpiffeId subject) {
  static final int MOST_CHARACTERS = 8_192;

  /** What is looked at to see whose token it is. */
  private static final int MOST_LOOKED_AT = 2 * MOST_CHARACTERS;

  private static final String SPIFFE = "spiffe://";

  /** JWT-SVID section 2.1. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  /** Tells whether this says that it is of a SPIFFE ID; other tokens belong to others. */
  static boolean isClaimedBy(String token) {
    String[] parts = token.length() > MOST_LOOKED_AT ? new String[0] : token.split("\\.", -1);
    try {
      return parts.length == 3
          && json(parts[1]).get("sub") instanceof String subject
          && subject.startsWith(SPIFFE);
    } catch (ParseException notOurs) {
      return false;
    }
  }

  static JwtSvidToken parse(String token) throws RefusedTokenException {
    require(
        token.length() <= MOST_CHARACTERS,
        TOKEN_TOO_LARGE,
        "The token has " + token.length() + " characters");
    String[] parts = token.split("\\.", -1);
    require(parts.length == 3, TOKEN_MALFORMED, "The token has " + parts.length + " parts");
    try {
      // Before the library judges it: it has no name for tokens without signature.
      Object algorithm = json(parts[0]).get("alg");
      require(
          algorithm instanceof String name && ALGORITHMS.contains(new JWSAlgorithm(name)),
          ALGORITHM,
          "alg is " + ForeignText.quote(String.valueOf(algorithm)));
      SignedJWT jwt = SignedJWT.parse(token);
      checkHeader(jwt.getHeader());
      JWTClaimsSet claims = JWTClaimsSet.parse(json(parts[1]));
      return new JwtSvidToken(jwt, claims, subject(claims));
    } catch (ParseException e) {
      throw new RefusedTokenException(
          TOKEN_MALFORMED, ForeignText.quote(String.valueOf(e.getMessage())));
    }
  }

  Instant expiresAt() throws RefusedTokenException {
    require(claims.getExpirationTime() != null, NO_EXPIRY, "The token of " + subject);
    return claims.getExpirationTime().toInstant();
  }

  private static void checkHeader(JWSHeader header) throws RefusedTokenException {
    JOSEObjectType type = header.getType();
    require(
        type == null || type.equals(JOSEObjectType.JWT) || type.equals(JOSEObjectType.JOSE),
        TYPE,
        "typ is " + ForeignText.quote(String.valueOf(type)));
    require(
        header.getCriticalParams() == null,
        CRITICAL_HEADER,
        "crit is " + ForeignText.quote(String.valueOf(header.getCriticalParams())));
    require(
        header.getKeyID() != null && !header.getKeyID().isEmpty(),
        KEY_ID_MISSING,
        "The header has no kid");
  }

  private static SpiffeId subject(JWTClaimsSet claims) throws RefusedTokenException {
    String text = claims.getSubject();
    require(text != null, SUBJECT, "There is no sub");
    try {
      SpiffeId id = SpiffeId.parse(text);
      require(!id.path().isEmpty(), SUBJECT, id + " is a trust domain, not a workload");
      return id;
    } catch (IllegalArgumentException e) {
      throw new RefusedTokenException(SUBJECT, String.valueOf(e.getMessage()));
    }
  }

  /** The library takes an array of pairs for an object, too. */
  private static Map<String, Object> json(String part) throws ParseException {
    String text = new Base64URL(part).decodeToString();
    if (!text.stripLeading().startsWith("{")) {
      throw new ParseException("A part is no JSON object", 0);
    }
    return JSONObjectUtils.parse(text, MOST_LOOKED_AT);
  }
}
