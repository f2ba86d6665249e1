// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.EncryptedJWT;
import dev.serviceidentity.caller.RefusalReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of callers, each wrong in its form, and the reason that it is refused for. */
class MalformedTokensTest extends TokenCases {
  @Test
  void aTokenThatWrapsAnotherIsRefused() {
    refused(signed(header -> header.contentType("JWT")), TokenRejection.NESTED, "cty is 'JWT'");
  }

  @Test
  void anEncryptedTokenIsRefused() throws JOSEException {
    var token =
        new EncryptedJWT(
            new JWEHeader(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM), claims().build());
    token.encrypt(new ECDHEncrypter(issuer.key().toECKey().toPublicJWK()));

    refused(token.serialize(), TokenRejection.ENCRYPTED, "five parts");
  }

  @Test
  void aTokenThatIsTooLargeIsRefused() {
    refused(
        signed(claims().claim("x", "y".repeat(8_192))),
        TokenRejection.TOKEN_TOO_LARGE,
        "characters");
  }

  @Test
  void whatIsNotOfThreePartsIsRefused() {
    String good = issuer.token(TestIssuer.WEB, "orders");
    refused("x", TokenRejection.TOKEN_MALFORMED, "1 parts");
    refused(good + ".", TokenRejection.TOKEN_MALFORMED, "4 parts");
    refused(good + ".e30", TokenRejection.TOKEN_MALFORMED, "4 parts");
    refused("..", TokenRejection.TOKEN_MALFORMED, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{",
        "{}{}",
        "{} {}",
        "\"x\"",
        "null",
        " {}",
        "{\"exp\":\"soon\"}",
        "{\"exp\":-1}",
        "{\"exp\":1e400}",
        "{\"exp\":9999999999999999}",
        "{\"exp\":null}",
        "{\"nbf\":\"soon\"}",
        "{\"aud\":1}",
        "{\"aud\":[1]}",
        "{\"aud\":{}}",
        "{\"iss\":1}",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1}/*x*/"
      })
  void claimsOfAnotherFormAreRefused(String claims) {
    String merged =
        claims.startsWith("{\"") && claims.endsWith("}") && !claims.contains(",}")
            ? claims.substring(0, claims.length() - 1)
                + (claims.contains("iss") ? "" : ",\"iss\":\"" + TestIssuer.URL + "\"")
                + (claims.contains("aud") ? "" : ",\"aud\":\"orders\"")
                + (claims.contains("exp")
                    ? ""
                    : ",\"exp\":" + at(Duration.ofMinutes(1)).getTime() / 1000)
                + "}"
            : claims;
    String token = issuer.header().build().toBase64URL() + "." + Base64URL.encode(merged) + ".AAAA";
    refused(token, TokenRejection.TOKEN_MALFORMED, "");
  }

  @Test
  void aMemberThatIsThereTwiceIsRefused() {
    String header = issuer.header().build().toBase64URL().toString();
    String twice =
        "{\"iss\":\"%1$s\",\"sub\":\"a\",\"sub\":\"b\",\"aud\":\"orders\",\"exp\":1}"
            .formatted(TestIssuer.URL);
    String within =
        "{\"iss\":\"%1$s\",\"kubernetes.io\":{\"pod\":1,\"pod\":2}}".formatted(TestIssuer.URL);
    String algorithms = "{\"alg\":\"none\",\"alg\":\"ES256\"}";

    refused(header + "." + Base64URL.encode(twice) + ".AAAA", TokenRejection.TOKEN_MALFORMED, "");
    refused(header + "." + Base64URL.encode(within) + ".AAAA", TokenRejection.TOKEN_MALFORMED, "");
    refused(unsigned(algorithms), TokenRejection.TOKEN_MALFORMED, "header");
    assertThat(callers.claims(Requests.bearer(header + "." + Base64URL.encode(twice) + ".AAAA")))
        .isTrue();
  }

  @Test
  void aTokenHasOneSpellingOnly() {
    String good = issuer.token(TestIssuer.WEB, "orders");
    String[] parts = good.split("\\.", -1);
    char last = parts[2].charAt(parts[2].length() - 1);
    // 64 bytes leave 4 bits of the last character that stand for nothing.
    String alias = parts[2].substring(0, parts[2].length() - 1) + (char) (last + 1);

    List<String> spellings =
        List.of(
            good + "=",
            good + "==",
            parts[0] + "=." + parts[1] + "." + parts[2],
            parts[0]
                + "."
                + parts[1].substring(0, 5)
                + "\n"
                + parts[1].substring(5)
                + "."
                + parts[2],
            parts[0] + "." + parts[1] + "." + alias,
            parts[0]
                + "."
                + parts[1]
                + "."
                + parts[2].substring(0, 10)
                + "+/"
                + parts[2].substring(12),
            parts[0] + "." + parts[1] + "!." + parts[2],
            parts[0] + ".\u00e9" + parts[1] + "." + parts[2]);
    spellings.forEach(token -> refused(token, TokenRejection.TOKEN_MALFORMED, ""));
  }

  @Test
  void claimsThatAreNotUtf8AreRefused() {
    byte[] claims = "{\"iss\":\"x\"}".getBytes(UTF_8);
    claims[8] = (byte) 0xff;

    refused(
        issuer.header().build().toBase64URL() + "." + Base64URL.encode(claims) + ".AAAA",
        TokenRejection.TOKEN_MALFORMED,
        "claims");
  }

  @Test
  void deeplyNestedClaimsAreRefused() {
    String claims = "{\"x\":" + "[".repeat(2_500) + "]".repeat(2_500) + "}";

    assertThat(
            Requests.rejected(
                    callers.verify(
                        Requests.bearer(
                            issuer.header().build().toBase64URL()
                                + "."
                                + Base64URL.encode(claims)
                                + ".AAAA")))
                .reason())
        .isIn(TokenRejection.TOKEN_MALFORMED, TokenRejection.OTHER_ISSUER);
  }

  @Test
  void twoAuthorizationLinesAreRefused() {
    String token = "Bearer " + issuer.token(TestIssuer.WEB, "orders");

    assertThat(Requests.rejected(callers.verify(Requests.from("127.0.0.2", token, token))).reason())
        .isEqualTo(RefusalReason.AMBIGUOUS_CREDENTIALS);
  }

  @Test
  void aRequestWithoutTokenHasNoCredentials() {
    for (String[] lines : List.of(new String[] {}, new String[] {"Basic x"})) {
      assertThat(Requests.rejected(callers.verify(Requests.from("127.0.0.2", lines))).reason())
          .isEqualTo(RefusalReason.NO_CREDENTIALS);
    }
    assertThat(callers.challenges()).singleElement().asString().startsWith("Bearer realm=\"orders");
  }

  @Test
  void tokensOfOthersBelongToTheApplication() {
    String good = issuer.token(TestIssuer.WEB, "orders");
    assertThat(callers.claims(Requests.bearer(good))).isTrue();
    assertThat(callers.claims(Requests.bearer(good + "="))).isTrue();
    assertThat(callers.claims(Requests.bearer(unsigned("{\"alg\":\"none\"}")))).isTrue();
    assertThat(callers.claims(Requests.from("127.0.0.2", "bEARER  " + good))).isTrue();
    String large = signed(claims().claim("x", "y".repeat(5_000)));
    assertThat(callers.claims(Requests.bearer(large))).isTrue();

    assertThat(callers.claims(Requests.bearer(signed(claims().issuer("https://a.example")))))
        .isFalse();
    for (String other : List.of("opaque", "a.b.c", "a".repeat(100_000), "", "..")) {
      assertThat(callers.claims(Requests.bearer(other))).isFalse();
    }
    assertThat(callers.claims(Requests.from("127.0.0.2", "Basic YTpi"))).isFalse();
    assertThat(callers.claims(Requests.from("127.0.0.2"))).isFalse();
  }
}
