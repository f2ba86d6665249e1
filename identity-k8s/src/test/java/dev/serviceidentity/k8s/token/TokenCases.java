// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import java.time.Duration;
import java.util.Date;
import java.util.function.UnaryOperator;

/** A good issuer and its verifier, for tokens that are wrong in one way each. */
class TokenCases {
  final MovingClock clock = new MovingClock();
  final TestIssuer issuer = TestIssuer.create(clock);
  final TokenCallers callers = FixedKeys.of(issuer.jwks(), clock).callers();

  void refused(String token, Reason reason, String detail) {
    Verification.Rejected rejected = Requests.rejected(callers.verify(Requests.bearer(token)));
    assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
    assertThat(rejected.detail()).contains(detail);
  }

  void accepted(String token) {
    assertThat(callers.verify(Requests.bearer(token))).isInstanceOf(Verification.Verified.class);
  }

  String signed(UnaryOperator<JWSHeader.Builder> header) {
    return issuer.sign(header.apply(issuer.header()).build(), claims().build());
  }

  String signed(JWTClaimsSet.Builder claims) {
    return issuer.sign(issuer.header().build(), claims.build());
  }

  JWTClaimsSet.Builder claims() {
    return issuer.claims(TestIssuer.WEB, "orders");
  }

  String unsigned(String header) {
    return Base64URL.encode(header) + "." + Base64URL.encode(claims().build().toString()) + ".";
  }

  Date at(Duration later) {
    return Date.from(clock.instant().plus(later));
  }
}
