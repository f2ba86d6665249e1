// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health.Status;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Keys of an issuer: which are used, and when they are asked for again. */
class IssuerKeysTest extends OidcCases {
  @Test
  void anUnknownKeyIsAskedForOnceInAWhile() throws Exception {
    identity = opened(issuer());
    assertThat(server.keyRequests()).isEqualTo(1);
    TestIssuer next = TestIssuer.create(clock);
    server.keys(TestIssuer.jwks(signer.key(), next.key()));
    String token = next.sign(next.header().build(), claims().build());

    assertThat(reasonAsync(token)).isEqualTo(TokenRejection.UNKNOWN_KEY);
    clock.move(Duration.ofSeconds(30));
    assertThat(verifyAsync(token)).isInstanceOf(Verification.Verified.class);
    assertThat(server.keyRequests()).isEqualTo(2);

    for (int i = 0; i < 20; i++) {
      TestIssuer stranger = TestIssuer.create(clock);
      assertThat(reasonAsync(stranger.sign(stranger.header().build(), claims().build())))
          .isEqualTo(TokenRejection.UNKNOWN_KEY);
    }
    assertThat(server.keyRequests()).isEqualTo(2);
  }

  @Test
  void aTokenOfAKeyThatWasTakenBackIsRefusedThoughItIsRemembered() throws Exception {
    identity = opened(issuer());
    String token = signed(claims());
    assertThat(verifyAsync(token)).isInstanceOf(Verification.Verified.class);
    TestIssuer next = TestIssuer.create(clock);
    server.keys(next.jwks());

    clock.move(Duration.ofSeconds(31));
    verifyAsync(next.sign(next.header().build(), claims().build()));

    assertThat(reasonAsync(token)).isEqualTo(TokenRejection.UNKNOWN_KEY);
  }

  @Test
  void keysStayInUseWhileTheIssuerIsGoneAndThenCountNoMore() throws Exception {
    identity = opened(issuer());
    server.fail(OidcServer.KEYS);
    TestIssuer stranger = TestIssuer.create(clock);
    clock.move(Duration.ofSeconds(31));
    assertThat(reasonAsync(stranger.sign(stranger.header().build(), claims().build())))
        .isEqualTo(TokenRejection.UNKNOWN_KEY);

    assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
    assertThat(identity.health().detail()).contains("answers 500");
    assertThat(verifyAsync(signed(claims()))).isInstanceOf(Verification.Verified.class);

    clock.move(Duration.ofHours(1));
    assertThat(reasonAsync(signed(claims()))).isEqualTo(TokenRejection.KEYS_UNAVAILABLE);
  }

  @Test
  void keysAreAskedForAgainByThemselves() throws Exception {
    identity =
        opened(
            issuer(),
            new IssuerKeys.Pace(
                Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofHours(1)));

    eventually("they are asked for", server::keyRequests, count -> count > 3);
  }

  @Test
  void aSourceThatThrowsIsAskedAgain() {
    var asked = new AtomicInteger();
    KeySource source =
        () -> {
          if (asked.getAndIncrement() == 0) {
            throw new IllegalStateException("broken");
          }
          return CompletableFuture.completedFuture(signer.jwks());
        };

    try (IssuerKeys keys = IssuerKeys.open(server.url(), source, PACE, runtime.runtime())) {
      assertThat(keys.current()).isNotNull();
    }
    assertThat(asked).hasValue(2);
  }

  @Test
  void aKeyThatCannotBeUsedIsLeftOutAndTold() throws Exception {
    var weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024);
    var rsa = new RSAKey.Builder((RSAPublicKey) weak.generateKeyPair().getPublic()).build();
    var shared = new OctetSequenceKey.Builder(new byte[32]).keyID("shared").build();
    var encrypting =
        new RSAKey.Builder(TestIssuer.of("RS256", clock).key().toRSAKey().toPublicJWK())
            .keyUse(KeyUse.ENCRYPTION)
            .build();
    String all =
        "{\"keys\":["
            + String.join(
                ",",
                rsa.toJSONString(),
                shared.toJSONString(),
                encrypting.toJSONString(),
                signer.key().toJSONString(),
                signer.key().toPublicJWK().toJSONString())
            + "]}";
    server.keys(all);

    identity = opened(issuer());

    assertThat(verifyAsync(signed(claims()))).isInstanceOf(Verification.Verified.class);
    assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
    assertThat(identity.health().detail()).contains("RSA of 2048", "private or a shared key");
  }

  @Test
  void noUsableKeyIsNoKey() {
    var shared = new OctetSequenceKey.Builder(new byte[32]).keyID("shared").build();
    server.keys("{\"keys\":[" + shared.toJSONString() + "]}");
    unopened("no key that can be used");
    for (String nothing : List.of("{}", "{\"keys\":{}}", "[]", "{\"keys\":[1]}", "<html>")) {
      server.keys(nothing);
      unopened("cannot be had");
    }
  }

  @Test
  void tokensSignedByEd25519AreVerified() throws Exception {
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = ((EdECPublicKey) pair.getPublic()).getEncoded();
    String x = base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    server.keys(
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e\",\"x\":\"" + x + "\"}]}");
    identity = opened(issuer());

    for (String algorithm : List.of("EdDSA", "Ed25519")) {
      String token = edwards(algorithm, pair.getPrivate());
      assertThat(verifyAsync(token)).isInstanceOf(Verification.Verified.class);
      String changed = token.substring(0, token.lastIndexOf('.') + 1) + base64(new byte[64]);
      assertThat(reasonAsync(changed)).isEqualTo(TokenRejection.SIGNATURE_INVALID);
      String cut = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";
      assertThat(reasonAsync(cut)).isEqualTo(TokenRejection.SIGNATURE_INVALID);
    }
  }

  private String edwards(String algorithm, PrivateKey key) throws Exception {
    String content =
        base64(("{\"alg\":\"" + algorithm + "\",\"kid\":\"e\"}").getBytes())
            + "."
            + base64(claims().build().toString().getBytes());
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(key);
    signature.update(content.getBytes());
    return content + "." + base64(signature.sign());
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
