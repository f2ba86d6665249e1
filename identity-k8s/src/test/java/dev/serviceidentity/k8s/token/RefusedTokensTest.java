// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of callers, each wrong in what it says, and the reason that it is refused for. */
class RefusedTokensTest extends TokenCases {
  @ParameterizedTest
  @ValueSource(
      strings = {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void aGoodTokenOfEachAlgorithmNamesItsCaller(String algorithm) {
    TestIssuer signer = TestIssuer.of(algorithm, clock);
    String token = signer.token(TestIssuer.WEB, "others", "orders");

    Caller caller =
        FixedKeys.of(signer.jwks(), clock).callers().verify(Requests.bearer(token)).orElseThrow();

    assertThat(caller.principal())
        .hasToString("service-account-token:system:serviceaccount:shop:web@id.shop.example");
    assertThat(caller.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
    assertThat(caller.fingerprint().orElseThrow()).hasSize(64).isNotEqualTo(token);
    assertThat(caller.boundPod()).isEmpty();
  }

  @Test
  void aTokenOfAPodIsBoundToIt() {
    Caller caller = callers.verify(Requests.bearer(podToken("web", "web-1", "u-1"))).orElseThrow();

    assertThat(caller.boundPod()).contains(new Caller.BoundPod("web-1", "u-1"));
  }

  @Test
  void aTokenWhoseClaimsDisagreeNamesNobody() {
    refused(podToken("batch", "web-1", "u-1"), TokenRejection.NO_PRINCIPAL, "kubernetes.io");
    refused(podToken("web", "web-1", ""), TokenRejection.NO_PRINCIPAL, "half a pod");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system:serviceaccount:shop",
        "system:serviceaccount:shop:web:more",
        "system:serviceaccount:Shop:web",
        "system:node:web",
        "alice",
        ""
      })
  void aSubjectThatIsNoServiceAccountNamesNobody(String subject) {
    refused(issuer.token(subject, "orders"), TokenRejection.NO_PRINCIPAL, "is no service account");
  }

  @Test
  void aTokenWithoutSignatureIsRefused() {
    refused(unsigned("{\"alg\":\"none\"}"), TokenRejection.ALGORITHM, "alg is 'none'");
  }

  /** The public key must never be taken for a shared secret. */
  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  void aTokenWithThePublicKeyAsSharedSecretIsRefused(String algorithm) throws JOSEException {
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(issuer.id()).build(),
            claims().build());
    byte[] secret = Arrays.copyOf(issuer.key().toECKey().toECPublicKey().getEncoded(), 64);
    token.sign(new MACSigner(secret));

    refused(token.serialize(), TokenRejection.ALGORITHM, "alg is '" + algorithm + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"None\"}",
        "{\"alg\":\"ES256K\"}",
        "{\"alg\":\"es256\"}",
        "{\"alg\":\"\"}",
        "{\"alg\":256}",
        "{\"alg\":null}",
        "{}"
      })
  void anyOtherAlgorithmIsRefused(String header) {
    refused(unsigned(header), TokenRejection.ALGORITHM, "alg is ");
  }

  @Test
  void anAlgorithmThatWasNotConfiguredIsRefused() {
    var rsaOnly =
        new Expectations(
            TestIssuer.URL,
            FixedKeys.AUDIENCES,
            Algorithms.of("RS256"),
            Duration.ofHours(1),
            Duration.ZERO);
    var judge = new TokenCallers(rsaOnly, FixedKeys.of(issuer.jwks(), clock), clock, () -> false);

    assertThat(
            Requests.rejected(judge.verify(Requests.bearer(issuer.token(TestIssuer.WEB, "orders"))))
                .reason())
        .isEqualTo(TokenRejection.ALGORITHM);
  }

  @Test
  void aTokenOfAnotherTypeIsRefused() {
    refused(
        signed(header -> header.type(new JOSEObjectType("secevent+jwt"))),
        TokenRejection.TYPE,
        "typ is 'secevent+jwt'");
    accepted(signed(header -> header.type(JOSEObjectType.JWT)));
    accepted(signed(header -> header.type(new JOSEObjectType("at+jwt"))));
  }

  @Test
  void aTokenWithConditionsThatNobodyKnowsIsRefused() {
    refused(
        signed(header -> header.criticalParams(Set.of("exp")).customParam("exp", 1)),
        TokenRejection.CRITICAL_HEADER,
        "crit is ");
    refused(
        unsigned("{\"alg\":\"ES256\",\"crit\":[]}"), TokenRejection.CRITICAL_HEADER, "crit is ");
  }

  /** The header may neither bring the key by which the token is found good nor say where it is. */
  @Test
  void aTokenThatBringsItsOwnKeyIsRefused() {
    TestIssuer stranger = TestIssuer.create(clock);
    URI elsewhere = URI.create("https://attacker.example/keys");

    refusedWithKey(stranger, header -> header.jwk(stranger.key().toPublicJWK()), "jwk");
    refusedWithKey(stranger, header -> header.jwkURL(elsewhere), "jku");
    refusedWithKey(stranger, header -> header.x509CertURL(elsewhere), "x5u");
    refusedWithKey(stranger, header -> header.x509CertChain(List.of(Base64.encode("x"))), "x5c");
  }

  private void refusedWithKey(
      TestIssuer stranger, UnaryOperator<JWSHeader.Builder> change, String name) {
    JWSHeader header = change.apply(stranger.header().keyID(issuer.id())).build();
    refused(
        stranger.sign(header, claims().build()),
        TokenRejection.EMBEDDED_KEY,
        "The header has " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "' OR 1=1 --", "key|/bin/true", "k\\u0000"})
  void aKeyIdIsOnlyEverCompared(String id) {
    String quoted = id.replace("'", "\\u0027");
    Reason reason =
        Requests.rejected(
                callers.verify(
                    Requests.bearer(
                        unsigned("{\"alg\":\"ES256\",\"kid\":\"" + quoted + "\"}") + "AAAA")))
            .reason();
    assertThat(reason).isIn(TokenRejection.UNKNOWN_KEY, TokenRejection.KEY_ID_MALFORMED);
  }

  @Test
  void aKeyIdThatIsHugeOrNoTextIsRefused() {
    refused(
        unsigned("{\"alg\":\"ES256\",\"kid\":\"" + "k".repeat(201) + "\"}"),
        TokenRejection.KEY_ID_MALFORMED,
        "kid is ");
    for (String kid : List.of("1", "null", "\"\"", "[\"a\"]", "{}", "\"a b\"", "\"\\u00e9\"")) {
      refused(
          unsigned("{\"alg\":\"ES256\",\"kid\":" + kid + "}"),
          TokenRejection.KEY_ID_MALFORMED,
          "kid is ");
    }
  }

  @Test
  void aTokenMayLeaveOutWhichKeyItIsOfOnlyIfThereIsOne() {
    TestIssuer other = TestIssuer.create(clock);
    String token = signed(header -> header.keyID(null));

    accepted(token);
    Verification found =
        FixedKeys.of(TestIssuer.jwks(issuer.key(), other.key()), clock)
            .callers()
            .verify(Requests.bearer(token));
    assertThat(Requests.rejected(found).reason()).isEqualTo(TokenRejection.KEY_ID_MISSING);
  }

  @Test
  void aTokenOfAnUnknownKeyIsRefused() {
    refused(
        TestIssuer.create(clock).token(TestIssuer.WEB, "orders"),
        TokenRejection.UNKNOWN_KEY,
        "The issuer has no key '");
  }

  @Test
  void aChangedTokenIsRefused() {
    String[] good = issuer.token(TestIssuer.WEB, "orders").split("\\.", -1);
    String other =
        Base64URL.encode(
                issuer.claims("system:serviceaccount:shop:admin", "orders").build().toString())
            .toString();

    refused(good[0] + "." + other + "." + good[2], TokenRejection.SIGNATURE_INVALID, "ES256");
    refused(good[0] + "." + good[1] + ".AAAA", TokenRejection.SIGNATURE_INVALID, "ES256");
    refused(good[0] + "." + good[1] + ".", TokenRejection.SIGNATURE_INVALID, "ES256");
  }

  /** CVE-2022-21449: for r and s of zero some verifiers said yes to every token. */
  @Test
  void aSignatureOfZerosIsRefused() {
    String[] good = issuer.token(TestIssuer.WEB, "orders").split("\\.", -1);

    refused(
        good[0] + "." + good[1] + "." + Base64URL.encode(new byte[64]),
        TokenRejection.SIGNATURE_INVALID,
        "ES256");
  }

  @Test
  void anAlgorithmOfAnotherKindOfKeyIsRefused() {
    TestIssuer rsa = TestIssuer.of("RS256", clock);
    JWSHeader header = rsa.header().keyID(issuer.id()).build();

    refused(rsa.sign(header, claims().build()), TokenRejection.SIGNATURE_INVALID, "RS256");
  }

  /** A key that says its algorithm signs by that one alone (RFC 7517 section 4.4). */
  @Test
  void anotherAlgorithmThanThatOfTheKeyIsRefused() {
    TestIssuer rsa = TestIssuer.of("PS256", clock);
    RSAKey saysAnother =
        new RSAKey.Builder(rsa.key().toRSAKey()).algorithm(JWSAlgorithm.RS256).build();
    Verification found =
        FixedKeys.of(TestIssuer.jwks(saysAnother), clock)
            .callers()
            .verify(Requests.bearer(rsa.token(TestIssuer.WEB, "orders")));

    assertThat(Requests.rejected(found).reason()).isEqualTo(TokenRejection.SIGNATURE_INVALID);
  }

  @Test
  void aTokenOfAnotherIssuerIsRefused() {
    refused(
        signed(claims().issuer("https://id.shop.example/")), TokenRejection.OTHER_ISSUER, "is of ");
    refused(signed(claims().issuer(null)), TokenRejection.OTHER_ISSUER, "is of ''");
  }

  @Test
  void aTokenThatNeverEndsIsRefused() {
    refused(signed(claims().expirationTime(null)), TokenRejection.NO_EXPIRY, "no exp");
  }

  @Test
  void aTokenIsRefusedFromTheSecondOfItsEndOnThoughItWasGoodBefore() {
    String token = issuer.token(TestIssuer.WEB, "orders");

    clock.move(Duration.ofMinutes(5).minusMillis(1));
    accepted(token);
    clock.move(Duration.ofMillis(1));
    refused(token, TokenRejection.EXPIRED, "good until ");
  }

  @Test
  void aTokenForLongerThanConfiguredIsRefused() {
    accepted(signed(claims().expirationTime(at(Duration.ofHours(1)))));
    refused(
        signed(claims().expirationTime(at(Duration.ofHours(1).plusSeconds(1)))),
        TokenRejection.LIFE_TOO_LONG,
        "would be good until");
  }

  @Test
  void aTokenFromTheFutureIsRefused() {
    accepted(signed(claims().issueTime(at(Duration.ofSeconds(60)))));
    refused(
        signed(claims().issueTime(at(Duration.ofSeconds(61)))),
        TokenRejection.NOT_YET_VALID,
        "has iat ");
    refused(
        signed(claims().notBeforeTime(at(Duration.ofSeconds(61)))),
        TokenRejection.NOT_YET_VALID,
        "has nbf ");
  }

  @Test
  void aTokenWithoutAudienceIsRefused() {
    refused(signed(claims().audience((String) null)), TokenRejection.NO_AUDIENCE, "no aud");
    refused(signed(claims().audience(List.of())), TokenRejection.NO_AUDIENCE, "no aud");
  }

  @Test
  void aTokenForOthersIsRefused() {
    refused(
        issuer.token(TestIssuer.WEB, "Orders", "orders2"),
        TokenRejection.OTHER_AUDIENCE,
        "is for '[Orders, orders2]'");
  }

  /** Readers that take the first and readers that take the last would see two callers. */
  private String podToken(String account, String pod, String uid) {
    return signed(
        claims()
            .claim(
                "kubernetes.io",
                Map.of(
                    "namespace", "shop",
                    "serviceaccount", Map.of("name", account, "uid", "a-1"),
                    "pod", Map.of("name", pod, "uid", uid))));
  }
}
