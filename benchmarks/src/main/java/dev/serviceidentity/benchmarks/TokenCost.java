// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.k8s.token.BareTokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What it costs to say whose token a request brings: one that is remembered, and one that is not,
 * beside the JOSE library alone.
 */
public final class TokenCost {
  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  private static final String AUDIENCE = "orders";
  private static final int TURNS = 200;

  private final JWSAlgorithm algorithm;
  private final JWK key;
  private final JWSSigner signer;
  private final CallerVerifier remembering;
  private final CallerVerifier forgetful;
  private final DefaultJWTProcessor<SecurityContext> nimbus = new DefaultJWTProcessor<>();

  private TokenCost(JWSAlgorithm algorithm) throws Exception {
    this.algorithm = algorithm;
    boolean rsa = algorithm.equals(JWSAlgorithm.RS256);
    this.key =
        rsa
            ? new RSAKeyGenerator(2048).keyID("k").generate()
            : new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    this.signer = rsa ? new RSASSASigner(key.toRSAKey()) : new ECDSASigner(key.toECKey());
    String jwks = new JWKSet(key).toString(true);
    this.remembering = BareTokens.verifier(ISSUER, AUDIENCE, jwks, Duration.ofHours(1));
    this.forgetful = BareTokens.verifier(ISSUER, AUDIENCE, jwks, Duration.ZERO);
    nimbus.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            algorithm, new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK()))));
    nimbus.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            AUDIENCE,
            new JWTClaimsSet.Builder().issuer(ISSUER).build(),
            Set.of("sub", "exp", "iat", "nbf")));
  }

  /**
   * Measures and prints.
   *
   * @param args none
   * @throws Exception if a token cannot be made
   */
  public static void main(String[] args) throws Exception {
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256)) {
      new TokenCost(algorithm).measure();
    }
  }

  private void measure() throws Exception {
    String token = token(AUDIENCE);
    CallerEvidence good = evidence(token);
    CallerEvidence others = evidence(token("billing"));
    String changed = token.substring(0, token.length() - 8) + "AAAAAAAA";
    new Turns(200)
        .add("nimbus-jose-jwt alone", () -> nimbus.process(token, null) != null)
        .add("nimbus-jose-jwt alone, once more", () -> nimbus.process(token, null) != null)
        .add("ours, a token not seen before", () -> accepts(forgetful, good))
        .add("ours, remembered", () -> accepts(remembering, good))
        .add("whether it is ours at all", () -> remembering.claims(good))
        .add("ours, refused for its audience", () -> !accepts(remembering, others))
        .add("ours, refused for its signature", () -> !accepts(forgetful, evidence(changed)))
        .take(50, TURNS)
        .print("a token of " + token.length() + " characters, " + algorithm);
  }

  private static boolean accepts(CallerVerifier verifier, CallerEvidence evidence) {
    return verifier.verify(evidence) instanceof Verification.Verified;
  }

  private static CallerEvidence evidence(String token) {
    var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8443);
    return CallerEvidence.of(here, here)
        .headers(Map.of("Authorization", List.of("Bearer " + token)));
  }

  /** As the API server issues them for a pod. */
  private String token(String audience) throws Exception {
    var now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(audience)
            .subject("system:serviceaccount:shop:web")
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofHours(1))))
            .jwtID(UUID.randomUUID().toString())
            .claim(
                "kubernetes.io",
                Map.of(
                    "namespace", "shop",
                    "serviceaccount", Map.of("name", "web", "uid", UUID.randomUUID().toString()),
                    "pod", Map.of("name", "web-5d8f7", "uid", UUID.randomUUID().toString())))
            .build();
    var jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID("k").build(), claims);
    jwt.sign(signer);
    return jwt.serialize();
  }
}
