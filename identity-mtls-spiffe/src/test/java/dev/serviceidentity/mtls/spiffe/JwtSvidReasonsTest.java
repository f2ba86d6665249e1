// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Reason.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Reasons are codes in audit logs and metrics: none may be renamed or vanish unnoticed. */
class JwtSvidReasonsTest {
  @Test
  void theCodesAreTheseAndNoOthers() {
    assertThat(Arrays.stream(JwtSvidRejection.values()).map(Enum::name))
        .containsExactlyInAnyOrder(
            "TOKEN_TOO_LARGE",
            "TOKEN_MALFORMED",
            "ALGORITHM",
            "TYPE",
            "CRITICAL_HEADER",
            "KEY_ID_MISSING",
            "SUBJECT",
            "UNKNOWN_TRUST_DOMAIN",
            "UNKNOWN_KEY",
            "SIGNATURE_INVALID",
            "NO_EXPIRY",
            "EXPIRED",
            "LIFE_TOO_LONG",
            "NOT_YET_VALID",
            "NO_AUDIENCE",
            "OTHER_AUDIENCE");
  }

  @Test
  void eachNamesACureAndMeansThatTheCallerIsNotKnown() {
    assertThat(JwtSvidRejection.values())
        .allSatisfy(
            reason -> {
              assertThat(reason.remedy()).matches("[A-Z].*\\.");
              assertThat(reason.kind()).isEqualTo(Kind.UNAUTHENTICATED);
            });
  }
}
