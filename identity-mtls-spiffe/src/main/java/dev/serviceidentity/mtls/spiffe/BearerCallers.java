// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.EXPIRED;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.LIFE_TOO_LONG;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.NOT_YET_VALID;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.NO_AUDIENCE;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.OTHER_AUDIENCE;
import static dev.serviceidentity.mtls.spiffe.RefusedTokenException.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.SpiffeId;
import dev.serviceidentity.spi.ForeignText;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says whose JWT-SVID a request brings. All that it needs is in memory: the agent is asked for
 * bundles, never for a judgement.
 */
final class BearerCallers implements CallerVerifier {
  private static final String AUTHORIZATION = "Authorization";
  private static final String SCHEME = "Bearer ";

  /** How far the clock of whoever issues tokens may be ahead. For their end there is no such. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final Supplier<JwtBundles> bundles;
  private final Set<String> audiences;
  private final Duration longestLife;
  private final Clock clock;

  BearerCallers(
      Supplier<JwtBundles> bundles, Set<String> audiences, Duration longestLife, Clock clock) {
    this.bundles = bundles;
    this.audiences = audiences;
    this.longestLife = longestLife;
    this.clock = clock;
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return evidence.header(AUTHORIZATION).stream()
        .anyMatch(line -> isBearer(line) && JwtSvidToken.isClaimedBy(token(line)));
  }

  @Override
  public List<String> challenges() {
    return List.of("Bearer");
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    List<String> lines = evidence.header(AUTHORIZATION);
    if (lines.size() > 1) {
      return Verification.rejected(
          RefusalReason.AMBIGUOUS_CREDENTIALS, lines.size() + " Authorization field lines");
    }
    if (lines.isEmpty() || !isBearer(lines.get(0))) {
      return Verification.rejected(RefusalReason.NO_CREDENTIALS, "There is no bearer token");
    }
    try {
      return Verification.verified(caller(token(lines.get(0))));
    } catch (RefusedTokenException e) {
      return Verification.rejected(e.rejection(), e.detail());
    } catch (IdentityException closed) {
      return Verification.rejected(RefusalReason.CLOSED, "This JWT-SVID identity was closed");
    }
  }

  private Caller caller(String text) throws RefusedTokenException {
    JwtSvidToken token = JwtSvidToken.parse(text);
    bundles.get().requireSignature(token);
    Instant now = clock.instant();
    checkTimes(token, now);
    checkAudience(token);
    return Caller.of(principal(token.subject()), now, token.expiresAt()).fingerprint(sha256(text));
  }

  static PrincipalId principal(SpiffeId id) {
    return new PrincipalId(JwtSvidIdentity.NAME, id.trustDomain(), id.path());
  }

  private void checkTimes(JwtSvidToken token, Instant now) throws RefusedTokenException {
    Instant end = token.expiresAt();
    require(now.isBefore(end), EXPIRED, token.subject() + " had it until " + end);
    require(
        !end.isAfter(now.plus(longestLife)),
        LIFE_TOO_LONG,
        token.subject() + " would have it until " + end);
    checkBegin(token, token.claims().getNotBeforeTime(), now);
    checkBegin(token, token.claims().getIssueTime(), now);
  }

  private static void checkBegin(JwtSvidToken token, @Nullable Date begin, Instant now)
      throws RefusedTokenException {
    require(
        begin == null || !begin.toInstant().isAfter(now.plus(SKEW)),
        NOT_YET_VALID,
        token.subject() + " has it for a time to come");
  }

  private void checkAudience(JwtSvidToken token) throws RefusedTokenException {
    List<String> named = token.claims().getAudience();
    require(!named.isEmpty(), NO_AUDIENCE, "The token of " + token.subject());
    require(
        !Collections.disjoint(named, audiences),
        OTHER_AUDIENCE,
        token.subject() + " has it for " + ForeignText.quote(named.toString()));
  }

  /** The name of a scheme is in any letter case (RFC 9110 section 11.1). */
  private static boolean isBearer(String line) {
    return line.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  private static String token(String line) {
    return line.substring(SCHEME.length()).strip();
  }

  private static String sha256(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
