// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of callers, each wrong in one way, and the reason that it is refused for. */
class RejectedTokensTest {
  private static final String AUDIENCE = "orders";
  private static final WorkloadApi API = WorkloadApi.at("unix:///run/api.sock");

  private final MovingClock clock = new MovingClock();
  private final TokenAuthority authority = TokenAuthority.create(clock);
  private final BearerCallers callers = trusting(authority);

  @ParameterizedTest
  @ValueSource(
      strings = {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void aGoodTokenOfEachAlgorithmNamesItsCaller(String algorithm) {
    TokenAuthority signer = TokenAuthority.of(algorithm, clock);
    String token = signer.token(Workloads.WEB, "others", AUDIENCE);

    Caller caller = trusting(signer).verify(Requests.bearer(token)).orElseThrow();

    assertThat(caller.principal()).hasToString("jwt-svid:" + Workloads.WEB);
    assertThat(caller.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
    assertThat(caller.fingerprint().orElseThrow()).hasSize(64).isNotEqualTo(token);
  }

  @Test
  void aTokenWithoutSignatureIsRefused() {
    refused(
        unsigned("{\"alg\":\"none\",\"kid\":\"" + authority.key().getKeyID() + "\"}"),
        JwtSvidRejection.ALGORITHM,
        "alg is 'none'");
  }

  /** The public key of a bundle must never be taken for a shared secret. */
  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  void aTokenWithASharedSecretIsRefused(String algorithm) throws JOSEException {
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                .keyID(authority.key().getKeyID())
                .build(),
            claims().build());
    byte[] secret = Arrays.copyOf(authority.key().toECKey().toECPublicKey().getEncoded(), 64);
    token.sign(new MACSigner(secret));

    refused(token.serialize(), JwtSvidRejection.ALGORITHM, "alg is '" + algorithm + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"EdDSA\"}",
        "{\"alg\":\"ES256K\"}",
        "{\"alg\":\"es256\"}",
        "{\"alg\":\"\"}",
        "{\"alg\":256}",
        "{\"alg\":null}",
        "{}"
      })
  void anyOtherAlgorithmIsRefused(String header) {
    refused(unsigned(header), JwtSvidRejection.ALGORITHM, "alg is ");
  }

  @Test
  void aTokenOfAnotherTypeIsRefused() {
    refused(
        signed(header -> header.type(new JOSEObjectType("at+jwt"))),
        JwtSvidRejection.TYPE,
        "typ is 'at+jwt'");
    accepted(signed(header -> header.type(JOSEObjectType.JWT)));
    accepted(signed(header -> header.type(JOSEObjectType.JOSE)));
  }

  @Test
  void aTokenWithConditionsThatNobodyKnowsIsRefused() {
    refused(
        signed(header -> header.criticalParams(Set.of("exp")).customParam("exp", 1)),
        JwtSvidRejection.CRITICAL_HEADER,
        "crit is ");
  }

  @Test
  void aTokenWithoutKeyIdIsRefused() {
    refused(signed(header -> header.keyID(null)), JwtSvidRejection.KEY_ID_MISSING, "no kid");
    refused(signed(header -> header.keyID("")), JwtSvidRejection.KEY_ID_MISSING, "no kid");
  }

  @Test
  void aTokenOfAnUnknownKeyIsRefused() {
    refused(
        TokenAuthority.create(clock).token(Workloads.WEB, AUDIENCE),
        JwtSvidRejection.UNKNOWN_KEY,
        "shop.example has no key '");
  }

  /** The header may not bring the key by which the token is then found good. */
  @Test
  void aKeyInTheTokenItselfIsNotUsed() {
    TokenAuthority stranger = TokenAuthority.create(clock);
    JWSHeader header =
        stranger
            .header()
            .keyID(authority.key().getKeyID())
            .jwk(stranger.key().toPublicJWK())
            .build();

    refused(
        stranger.sign(header, claims().build()), JwtSvidRejection.SIGNATURE_INVALID, "token of");
  }

  @Test
  void aChangedTokenIsRefused() {
    String[] good = authority.token(Workloads.WEB, AUDIENCE).split("\\.", -1);
    String other =
        Base64URL.encode(authority.claims(Workloads.ORDERS, AUDIENCE).build().toString())
            .toString();

    refused(good[0] + "." + other + "." + good[2], JwtSvidRejection.SIGNATURE_INVALID, "token of");
    refused(good[0] + "." + good[1] + ".AAAA", JwtSvidRejection.SIGNATURE_INVALID, "token of");
  }

  @Test
  void anAlgorithmOfAnotherKindOfKeyIsRefused() {
    TokenAuthority rsa = TokenAuthority.of("RS256", clock);
    JWSHeader header = rsa.header().keyID(authority.key().getKeyID()).build();

    refused(rsa.sign(header, claims().build()), JwtSvidRejection.SIGNATURE_INVALID, "token of");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://shop.example",
        "spiffe://shop.example/",
        "spiffe://Shop.example/a",
        "spiffe://shop.example/a/../b",
        "spiffe://shop.example/%61",
        "spiffe://shop.example:443/a",
        "spiffe://me@shop.example/a",
        "https://shop.example/a"
      })
  void aSubjectThatIsNoIdOfAWorkloadIsRefused(String subject) {
    refused(authority.token(subject, AUDIENCE), JwtSvidRejection.SUBJECT, "");
  }

  @Test
  void aTokenWithoutSubjectIsRefused() {
    refused(authority.token(null, AUDIENCE), JwtSvidRejection.SUBJECT, "There is no sub");
  }

  @Test
  void aTokenOfATrustDomainWithoutBundleIsRefused() {
    refused(
        authority.token("spiffe://other.example/a", AUDIENCE),
        JwtSvidRejection.UNKNOWN_TRUST_DOMAIN,
        "is of a trust domain other than [shop.example]");
  }

  /** The bundle goes by the subject: a key of one domain signs for no other. */
  @Test
  void aKeyOfOneTrustDomainSignsForNoOther() {
    TokenAuthority partner = TokenAuthority.create(clock);
    var bundles =
        authority.bundle("shop.example").toBuilder()
            .putAllBundles(partner.bundle("partner.example").getBundlesMap())
            .build();
    BearerCallers both = trusting(bundles.toByteArray());

    assertThat(rejection(both, partner.token(Workloads.WEB, AUDIENCE)).reason())
        .isEqualTo(JwtSvidRejection.UNKNOWN_KEY);
    assertThat(
            both.verify(Requests.bearer(partner.token("spiffe://partner.example/a", AUDIENCE)))
                .orElseThrow()
                .principal())
        .hasToString("jwt-svid:spiffe://partner.example/a");
  }

  @Test
  void aTokenThatNeverEndsIsRefused() {
    refused(signed(claims().expirationTime(null)), JwtSvidRejection.NO_EXPIRY, "token of");
  }

  @Test
  void aTokenIsRefusedFromTheSecondOfItsEndOn() {
    String token = authority.token(Workloads.WEB, AUDIENCE);

    clock.move(Duration.ofMinutes(5).minusMillis(1));
    accepted(token);
    clock.move(Duration.ofMillis(1));
    refused(token, JwtSvidRejection.EXPIRED, Workloads.WEB + " had it until ");
  }

  @Test
  void aTokenForLongerThanConfiguredIsRefused() {
    accepted(signed(claims().expirationTime(at(Duration.ofHours(1)))));
    refused(
        signed(claims().expirationTime(at(Duration.ofHours(1).plusSeconds(1)))),
        JwtSvidRejection.LIFE_TOO_LONG,
        "would have it until");
    refused(
        signed(claims().claim("exp", Long.MAX_VALUE / 1000)),
        JwtSvidRejection.LIFE_TOO_LONG,
        "would have it until");
  }

  @Test
  void aTokenFromTheFutureIsRefused() {
    accepted(signed(claims().issueTime(at(Duration.ofSeconds(60)))));
    refused(
        signed(claims().issueTime(at(Duration.ofSeconds(61)))),
        JwtSvidRejection.NOT_YET_VALID,
        "for a time to come");
    refused(
        signed(claims().notBeforeTime(at(Duration.ofSeconds(61)))),
        JwtSvidRejection.NOT_YET_VALID,
        "for a time to come");
  }

  @Test
  void aTokenWithoutAudienceIsRefused() {
    refused(signed(claims().audience((String) null)), JwtSvidRejection.NO_AUDIENCE, "token of");
    refused(signed(claims().audience(List.of())), JwtSvidRejection.NO_AUDIENCE, "token of");
  }

  @Test
  void aTokenForOthersIsRefused() {
    refused(
        authority.token(Workloads.WEB, "Orders", "orders2"),
        JwtSvidRejection.OTHER_AUDIENCE,
        "has it for '[Orders, orders2]'");
  }

  @Test
  void aTokenThatIsTooLargeIsRefused() {
    refused(
        signed(claims().claim("x", "y".repeat(8_192))),
        JwtSvidRejection.TOKEN_TOO_LARGE,
        "characters");
  }

  @Test
  void whatIsNotOfThreePartsOrNoJsonIsRefused() {
    refused("x", JwtSvidRejection.TOKEN_MALFORMED, "1 parts");
    refused("a.b.c.d.e", JwtSvidRejection.TOKEN_MALFORMED, "5 parts");
    refused("..", JwtSvidRejection.TOKEN_MALFORMED, "");
    refused("!.!.!", JwtSvidRejection.TOKEN_MALFORMED, "");
    String header = Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"k\"}").toString();
    for (String claims : List.of("[]", "{", "{\"exp\":\"soon\"}", "{\"nbf\":\"soon\"}")) {
      refused(
          header + "." + Base64URL.encode(claims) + ".AAAA", JwtSvidRejection.TOKEN_MALFORMED, "");
    }
  }

  /** Readers that take the first and readers that take the last would see two callers. */
  @Test
  void aClaimThatIsThereTwiceIsRefused() throws JOSEException {
    String claims =
        "{\"sub\":\"" + Workloads.WEB + "\",\"sub\":\"" + Workloads.ORDERS + "\",\"exp\":1}";
    refused(
        authority.header().build().toBase64URL() + "." + Base64URL.encode(claims) + ".AAAA",
        JwtSvidRejection.TOKEN_MALFORMED,
        "");
  }

  @Test
  void deeplyNestedClaimsAreRefused() {
    String claims = "{\"x\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}";

    assertThat(
            rejection(
                    callers,
                    authority.header().build().toBase64URL()
                        + "."
                        + Base64URL.encode(claims.getBytes(UTF_8))
                        + ".AAAA")
                .reason())
        .isIn(JwtSvidRejection.TOKEN_MALFORMED, JwtSvidRejection.SUBJECT);
  }

  @Test
  void twoAuthorizationLinesAreRefused() {
    String token = "Bearer " + authority.token(Workloads.WEB, AUDIENCE);

    assertThat(rejected(callers.verify(Requests.with(token, token))).reason())
        .isEqualTo(RefusalReason.AMBIGUOUS_CREDENTIALS);
  }

  @Test
  void aRequestWithoutTokenHasNoCredentials() {
    assertThat(rejected(callers.verify(Requests.with())).reason())
        .isEqualTo(RefusalReason.NO_CREDENTIALS);
    assertThat(rejected(callers.verify(Requests.with("Basic x"))).reason())
        .isEqualTo(RefusalReason.NO_CREDENTIALS);
    assertThat(callers.challenges()).containsExactly("Bearer");
  }

  @Test
  void tokensOfOthersBelongToOthers() {
    assertThat(callers.claims(Requests.bearer(authority.token(Workloads.WEB, AUDIENCE)))).isTrue();
    assertThat(callers.claims(Requests.bearer(unsigned("{\"alg\":\"none\"}")))).isTrue();
    assertThat(callers.claims(Requests.with("bEARER  " + authority.token(Workloads.WEB, AUDIENCE))))
        .isTrue();
    assertThat(callers.claims(Requests.bearer(authority.token("alice", AUDIENCE)))).isFalse();
    assertThat(callers.claims(Requests.bearer(authority.token(null, AUDIENCE)))).isFalse();
    assertThat(callers.claims(Requests.bearer("opaque"))).isFalse();
    assertThat(callers.claims(Requests.bearer("a.b.c"))).isFalse();
    assertThat(callers.claims(Requests.bearer("a".repeat(100_000)))).isFalse();
    assertThat(callers.claims(Requests.with("Basic YTpi"))).isFalse();
    assertThat(callers.claims(Requests.with())).isFalse();
  }

  private void refused(String token, Reason reason, String detail) {
    Verification.Rejected rejected = rejection(callers, token);
    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.detail()).contains(detail);
  }

  private void accepted(String token) {
    assertThat(callers.verify(Requests.bearer(token))).isInstanceOf(Verification.Verified.class);
  }

  private String signed(UnaryOperator<JWSHeader.Builder> header) {
    return authority.sign(header.apply(authority.header()).build(), claims().build());
  }

  private String signed(JWTClaimsSet.Builder claims) {
    return authority.sign(authority.header().build(), claims.build());
  }

  private JWTClaimsSet.Builder claims() {
    return authority.claims(Workloads.WEB, AUDIENCE);
  }

  private String unsigned(String header) {
    return Base64URL.encode(header) + "." + Base64URL.encode(claims().build().toString()) + ".";
  }

  private Date at(Duration later) {
    return Date.from(clock.instant().plus(later));
  }

  private BearerCallers trusting(TokenAuthority signer) {
    return trusting(signer.bundle("shop.example").toByteArray());
  }

  private BearerCallers trusting(byte[] bundles) {
    JwtBundles read = new JwtBundlesReader(API).read(bundles, null);
    return new BearerCallers(() -> read, Set.of(AUDIENCE), Duration.ofHours(1), clock);
  }

  private static Verification.Rejected rejection(BearerCallers judge, String token) {
    return rejected(judge.verify(Requests.bearer(token)));
  }

  private static Verification.Rejected rejected(Verification verification) {
    assertThat(verification).isInstanceOf(Verification.Rejected.class);
    return (Verification.Rejected) verification;
  }
}
