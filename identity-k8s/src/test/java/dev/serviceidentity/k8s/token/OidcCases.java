// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.OwnedRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An issuer that is no Kubernetes, over TLS, and a service that verifies its tokens. */
class OidcCases {
  static final IssuerKeys.Pace PACE =
      new IssuerKeys.Pace(Duration.ofDays(1), Duration.ofSeconds(30), Duration.ofHours(1));

  @TempDir Path directory;
  final MovingClock clock = new MovingClock();
  final TestIssuer signer = TestIssuer.create(clock);
  OwnedRuntime runtime;
  OidcServer server;
  TokenIdentity identity;

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

  void unopened(String why) {
    assertThatThrownBy(() -> opened(issuer()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(why);
  }

  OidcIssuer issuer() {
    return OidcIssuer.at(server.url()).trust(server.pem());
  }

  TokenIdentity opened(OidcIssuer from) {
    return opened(from, PACE);
  }

  TokenIdentity opened(OidcIssuer from, IssuerKeys.Pace pace) {
    IdentityRuntime owner = runtime.runtime();
    return TokenIdentity.builder().verifyBy(from).audience("orders").pace(pace).open(owner);
  }

  JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(server.url())
        .subject("alice")
        .audience("orders")
        .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(90))));
  }

  String signed(JWTClaimsSet.Builder claims) {
    return signer.sign(signer.header().build(), claims.build());
  }

  String name(JWTClaimsSet.Builder claims) {
    return identity
        .callers()
        .verify(Requests.bearer(signed(claims)))
        .orElseThrow()
        .principal()
        .name();
  }

  void refused(JWTClaimsSet.Builder claims, Reason reason) {
    assertThat(
            Requests.rejected(identity.callers().verify(Requests.bearer(signed(claims)))).reason())
        .isEqualTo(reason);
  }

  Verification verifyAsync(String token) throws Exception {
    return identity
        .callers()
        .verifyAsync(Requests.bearer(token))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  Reason reasonAsync(String token) throws Exception {
    return Requests.rejected(verifyAsync(token)).reason();
  }
}
