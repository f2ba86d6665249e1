// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.RefusedToken.require;
import static dev.serviceidentity.k8s.token.TokenRejection.EXPIRED;
import static dev.serviceidentity.k8s.token.TokenRejection.LIFE_TOO_LONG;
import static dev.serviceidentity.k8s.token.TokenRejection.NOT_YET_VALID;
import static dev.serviceidentity.k8s.token.TokenRejection.NO_AUDIENCE;
import static dev.serviceidentity.k8s.token.TokenRejection.NO_EXPIRY;
import static dev.serviceidentity.k8s.token.TokenRejection.OTHER_AUDIENCE;
import static dev.serviceidentity.k8s.token.TokenRejection.OTHER_ISSUER;

import com.nimbusds.jose.util.Base64URL;
import dev.serviceidentity.spi.ForeignText;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * What a token must say to be looked at any further: all that is cheap to know before a signature
 * is verified or anybody is asked.
 *
 * @param issuer who must have issued it
 * @param audiences of which it must name one
 * @param algorithms by which it may be signed
 * @param longestLife how far its end may be away
 * @param clockSkew how far the issuer's clock may be ahead. For the end of a token there is no such
 */
record Expectations(
    String issuer,
    Set<String> audiences,
    Set<String> algorithms,
    Duration longestLife,
    Duration clockSkew) {
  private static final int MOST_LOOKED_AT = 2 * ReadToken.MOST_CHARACTERS;

  /**
   * Tells whether a token says that it is of this issuer; others belong to the application. One
   * whose claims cannot be read is of this issuer if its name stands in them.
   */
  boolean isOfIssuer(String token) {
    String[] parts =
        token.length() > MOST_LOOKED_AT
            ? token.substring(0, MOST_LOOKED_AT).split("\\.", -1)
            : token.split("\\.", -1);
    if (parts.length < 2) {
      return false;
    }
    String claims = new Base64URL(parts[1]).decodeToString();
    try {
      return issuer.equals(StrictJson.object(claims).get("iss"));
    } catch (ParseException unreadable) {
      return claims.contains('"' + issuer + '"');
    }
  }

  ReadToken read(String text, Instant now) throws RefusedToken {
    ReadToken token = ReadToken.parse(text, algorithms);
    Claims claims = token.claims();
    String said = claims.text("iss").orElse("");
    require(said.equals(issuer), OTHER_ISSUER, "The token is of " + ForeignText.quote(said));
    checkAudience(claims);
    checkTimes(claims, now);
    return token;
  }

  private void checkAudience(Claims claims) throws RefusedToken {
    List<String> named = claims.audiences();
    require(!named.isEmpty(), NO_AUDIENCE, "The token has no aud");
    require(
        !Collections.disjoint(named, audiences),
        OTHER_AUDIENCE,
        "The token is for " + ForeignText.quote(named.toString()));
  }

  private void checkTimes(Claims claims, Instant now) throws RefusedToken {
    Instant end = end(claims);
    require(now.isBefore(end), EXPIRED, "The token was good until " + end);
    require(
        !end.isAfter(now.plus(longestLife)), LIFE_TOO_LONG, "The token would be good until " + end);
    for (String begin : List.of("nbf", "iat")) {
      Instant from = claims.time(begin).orElse(Instant.MIN);
      require(
          !from.isAfter(now.plus(clockSkew)), NOT_YET_VALID, "The token has " + begin + " " + from);
    }
  }

  static Instant end(Claims claims) throws RefusedToken {
    return claims.time("exp").orElseThrow(() -> new RefusedToken(NO_EXPIRY, "There is no exp"));
  }
}
