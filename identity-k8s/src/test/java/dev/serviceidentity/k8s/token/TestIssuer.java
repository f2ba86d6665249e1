// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** A key that signs tokens of an issuer. */
final class TestIssuer {
  static final String URL = "https://id.shop.example";
  static final String WEB = "system:serviceaccount:shop:web";

  private final JWK key;
  private final JWSAlgorithm algorithm;
  private final Clock clock;

  private TestIssuer(JWK key, JWSAlgorithm algorithm, Clock clock) {
    this.key = key;
    this.algorithm = algorithm;
    this.clock = clock;
  }

  static TestIssuer create(Clock clock) {
    return of("ES256", clock);
  }

  static TestIssuer of(String algorithm, Clock clock) {
    String id = UUID.randomUUID().toString();
    try {
      JWK key =
          switch (algorithm) {
            case "ES256" -> new ECKeyGenerator(Curve.P_256).keyID(id).generate();
            case "ES384" -> new ECKeyGenerator(Curve.P_384).keyID(id).generate();
            case "ES512" -> new ECKeyGenerator(Curve.P_521).keyID(id).generate();
            default -> new RSAKeyGenerator(2048).keyID(id).generate();
          };
      return new TestIssuer(key, JWSAlgorithm.parse(algorithm), clock);
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  JWK key() {
    return key;
  }

  String id() {
    return key.getKeyID();
  }

  JWSHeader.Builder header() {
    return new JWSHeader.Builder(algorithm).keyID(id());
  }

  /** Claims of a good token for five minutes. */
  JWTClaimsSet.Builder claims(String subject, String... audiences) {
    return new JWTClaimsSet.Builder()
        .issuer(URL)
        .subject(subject)
        .audience(List.of(audiences))
        .issueTime(Date.from(clock.instant()))
        .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(5))));
  }

  String token(String subject, String... audiences) {
    return sign(header().build(), claims(subject, audiences).build());
  }

  String sign(JWSHeader header, JWTClaimsSet claims) {
    try {
      var jwt = new SignedJWT(header, claims);
      JWSSigner signer =
          key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner((RSAKey) key);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** What it publishes. */
  String jwks() {
    return jwks(key);
  }

  static String jwks(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(true);
  }
}
