// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.OwnedRuntime;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an issuer that is no Kubernetes, by its discovery document and keys over TLS. */
class OidcIssuerTest {
  private static final IssuerKeys.Pace PACE =
      new IssuerKeys.Pace(Duration.ofDays(1), Duration.ofSeconds(30), Duration.ofHours(1));

  @TempDir private Path directory;
  private final MovingClock clock = new MovingClock();
  private final TestIssuer signer = TestIssuer.create(clock);
  private OwnedRuntime runtime;
  private OidcServer server;
  private TokenIdentity identity;

  @BeforeEach
  void open() throws Exception {
    runtime =
        OwnedRuntime.start(clock, refused -> {}, Set.of(OidcIssuer.NAME), Duration.ofSeconds(60));
    server = OidcServer.open(directory);
    server.keys(signer.jwks());
  }

  @AfterEach
  void close() {
    if (identity != null) {
      identity.close();
    }
    server.close();
    runtime.close();
  }

  @Test
  void aTokenNamesItsCallerByTheTemplate() {
    identity = opened(issuer().principal("/repo/{repository/owner}/{repository/id}"));

    Caller caller =
        identity
            .callers()
            .verify(
                Requests.bearer(
                    signed(claims().claim("repository", Map.of("owner", "shop", "id", "web")))))
            .orElseThrow();

    assertThat(identity.name()).isEqualTo(OidcIssuer.NAME);
    assertThat(caller.principal().mechanism()).isEqualTo(OidcIssuer.NAME);
    assertThat(caller.principal().domain()).isEqualTo(server.url().substring("https://".length()));
    assertThat(caller.principal().name()).isEqualTo("/repo/shop/web");
    assertThat(caller.boundPod()).isEmpty();
  }

  @Test
  void claimsThatCouldBeMistakenForOthersNameNobody() {
    identity = opened(issuer().principal("{team}:{repo}"));

    assertThat(name(claims().claim("team", "a").claim("repo", "b"))).isEqualTo("a:b");
    refused(claims().claim("team", "a:b").claim("repo", "c"), TokenRejection.NO_PRINCIPAL);
    refused(claims().claim("team", "").claim("repo", "c"), TokenRejection.NO_PRINCIPAL);
    refused(claims().claim("team", "a"), TokenRejection.NO_PRINCIPAL);
    refused(claims().claim("team", 1).claim("repo", "c"), TokenRejection.TOKEN_MALFORMED);
  }

  @Test
  void aSubjectIsNoSpiffePathUnlessTheTemplateMakesItOne() {
    identity = opened(issuer());

    assertThat(name(claims().subject("alice"))).isEqualTo("alice");
    refused(claims().subject("/ns/shop/sa/web"), TokenRejection.NO_PRINCIPAL);
    refused(claims().subject("spiffe://shop.example/ns/shop/sa/web"), TokenRejection.NO_PRINCIPAL);
    refused(claims().subject("al ice"), TokenRejection.NO_PRINCIPAL);
  }

  @Test
  void aTemplateThatWouldMixClaimsIsNotUsed() {
    for (String template : List.of("{a}{b}", "{a}-{b}", "none", "{a", "{}", "{a}x{b}")) {
      assertThatThrownBy(() -> opened(issuer().principal(template)))
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("cannot be used");
    }
  }

  @Test
  void aTokenOfAnotherIssuerBelongsToTheApplication() {
    identity = opened(issuer());

    assertThat(identity.callers().claims(Requests.bearer(signed(claims())))).isTrue();
    assertThat(
            identity
                .callers()
                .claims(Requests.bearer(signed(claims().issuer("https://other.example")))))
        .isFalse();
  }

  @Test
  void aDocumentOfAnotherIssuerIsRefused() {
    server.discovery("https://attacker.example", server.url() + OidcServer.KEYS);

    unopened("another issuer");
  }

  @Test
  void keysThatAreNotAtHttpsAreRefused() {
    server.discovery(server.url(), "http://127.0.0.1/keys");
    unopened("not of https");
    server.discovery(server.url(), "file:///etc/keys");
    unopened("not of https");
  }

  @Test
  void redirectsAreNotFollowed() {
    server.redirect(OidcServer.KEYS, server.url() + "/elsewhere");
    server.page("/elsewhere", signer.jwks());

    unopened("redirects are not followed");
  }

  @Test
  void anAnswerThatIsTooLongIsRefused() {
    server.keys("{\"keys\":[]," + " ".repeat(300_000) + "\"x\":1}");

    unopened("more than 262144 bytes");
  }

  @Test
  void anAuthorityThatIsNotTrustedIsRefused() {
    assertThatThrownBy(() -> opened(OidcIssuer.at(server.url())))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(server.url());
  }

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

  @Test
  void aFloodOfForgedTokensOfOneSourceIsBoundedAndLeavesOthersAlone() throws Exception {
    identity = opened(issuer());
    String good = signed(claims());
    int overloaded = 0;
    for (int i = 0; i < 2_000; i++) {
      String forged = good.substring(0, good.lastIndexOf('.') + 1) + base64(forgery(i));
      Verification found =
          identity
              .callers()
              .verifyAsync(Requests.from("127.0.0.66", "Bearer " + forged))
              .toCompletableFuture()
              .join();
      overloaded += Requests.rejected(found).reason() == RefusalReason.OVERLOADED ? 1 : 0;
    }
    assertThat(overloaded).isPositive();

    assertThat(verifyAsync(good)).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void afterClosingNothingIsDecided() {
    identity = opened(issuer());
    identity.close();

    assertThat(
            Requests.rejected(identity.callers().verify(Requests.bearer(signed(claims()))))
                .reason())
        .isEqualTo(RefusalReason.CLOSED);
    assertThat(identity.health().status()).isEqualTo(Status.DOWN);
  }

  @Test
  void anotherNameIsAnotherMechanism() {
    identity = opened(issuer().named("partner").domain("partner.example"));

    assertThat(identity.name()).isEqualTo(MechanismName.of("partner"));
    assertThat(identity.current().principal()).hasToString("partner:orders@partner.example");
  }

  @Test
  void anIssuerIsOfHttps() {
    for (String url :
        List.of(
            "http://id.example", "https://u@id.example", "https://id.example?x", "id.example")) {
      assertThatThrownBy(() -> OidcIssuer.at(url)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anIssuerWithAPathNeedsADomain() {
    assertThatThrownBy(() -> opened(OidcIssuer.at(server.url() + "/realms/a")))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("domain(...)");
  }

  private static byte[] forgery(int number) {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, (byte) 1);
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    return bytes;
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

  private void unopened(String why) {
    assertThatThrownBy(() -> opened(issuer()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(why);
  }

  private OidcIssuer issuer() {
    return OidcIssuer.at(server.url()).trust(server.pem());
  }

  private TokenIdentity opened(OidcIssuer from) {
    return opened(from, PACE);
  }

  private TokenIdentity opened(OidcIssuer from, IssuerKeys.Pace pace) {
    IdentityRuntime owner = runtime.runtime();
    return TokenIdentity.builder().verifyBy(from).audience("orders").pace(pace).open(owner);
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(server.url())
        .subject("alice")
        .audience("orders")
        .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(90))));
  }

  private String signed(JWTClaimsSet.Builder claims) {
    return signer.sign(signer.header().build(), claims.build());
  }

  private String name(JWTClaimsSet.Builder claims) {
    return identity
        .callers()
        .verify(Requests.bearer(signed(claims)))
        .orElseThrow()
        .principal()
        .name();
  }

  private void refused(JWTClaimsSet.Builder claims, Reason reason) {
    assertThat(
            Requests.rejected(identity.callers().verify(Requests.bearer(signed(claims)))).reason())
        .isEqualTo(reason);
  }

  private Verification verifyAsync(String token) throws Exception {
    return identity
        .callers()
        .verifyAsync(Requests.bearer(token))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  private Reason reasonAsync(String token) throws Exception {
    return Requests.rejected(verifyAsync(token)).reason();
  }
}
