// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import com.google.protobuf.ByteString;
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
import io.spiffe.workloadapi.grpc.Workload.JWTBundlesResponse;
import io.spiffe.workloadapi.grpc.Workload.JWTSVID;
import io.spiffe.workloadapi.grpc.Workload.JWTSVIDRequest;
import io.spiffe.workloadapi.grpc.Workload.JWTSVIDResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** A key of a trust domain that signs JWT-SVIDs. */
final class TokenAuthority {
  private final JWK key;
  private final JWSAlgorithm algorithm;
  private final Clock clock;

  TokenAuthority(JWK key, JWSAlgorithm algorithm, Clock clock) {
    this.key = key;
    this.algorithm = algorithm;
    this.clock = clock;
  }

  static TokenAuthority create(Clock clock) {
    return of("ES256", clock);
  }

  /** With a key that fits an algorithm of JWT-SVIDs. */
  static TokenAuthority of(String algorithm, Clock clock) {
    var name = JWSAlgorithm.parse(algorithm);
    String id = UUID.randomUUID().toString();
    try {
      JWK key =
          switch (algorithm) {
            case "ES256" -> new ECKeyGenerator(Curve.P_256).keyID(id).generate();
            case "ES384" -> new ECKeyGenerator(Curve.P_384).keyID(id).generate();
            case "ES512" -> new ECKeyGenerator(Curve.P_521).keyID(id).generate();
            default -> new RSAKeyGenerator(2048).keyID(id).generate();
          };
      return new TokenAuthority(key, name, clock);
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  JWK key() {
    return key;
  }

  JWSHeader.Builder header() {
    return new JWSHeader.Builder(algorithm).keyID(key.getKeyID());
  }

  /** Claims of a good token for five minutes. */
  JWTClaimsSet.Builder claims(String subject, String... audiences) {
    return new JWTClaimsSet.Builder()
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

  /** The bundle of this key alone. */
  JWTBundlesResponse bundle(String trustDomain) {
    return bundle(trustDomain, key.toPublicJWK());
  }

  static JWTBundlesResponse bundle(String trustDomain, JWK... keys) {
    return bundle(trustDomain, new JWKSet(List.of(keys)).toString(false));
  }

  static JWTBundlesResponse bundle(String trustDomain, String json) {
    return JWTBundlesResponse.newBuilder()
        .putBundles("spiffe://" + trustDomain, ByteString.copyFromUtf8(json))
        .build();
  }

  /** What an agent answers for a workload with this ID. */
  JWTSVIDResponse answer(String subject, JWTSVIDRequest request) {
    return answer(subject, token(subject, request.getAudienceList().toArray(String[]::new)));
  }

  static JWTSVIDResponse answer(String subject, String token) {
    return JWTSVIDResponse.newBuilder()
        .addSvids(JWTSVID.newBuilder().setSpiffeId(subject).setSvid(token))
        .build();
  }
}
