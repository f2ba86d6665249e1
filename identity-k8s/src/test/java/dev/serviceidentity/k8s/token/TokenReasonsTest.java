// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Reason.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reasons are codes in audit logs and metrics: none may be renamed or vanish unnoticed. */
class TokenReasonsTest {
  @Test
  void theCodesAreTheseAndNoOthers() {
    assertThat(Arrays.stream(TokenRejection.values()).map(Enum::name))
        .containsExactly(
            "TOKEN_TOO_LARGE",
            "TOKEN_MALFORMED",
            "ENCRYPTED",
            "NESTED",
            "ALGORITHM",
            "TYPE",
            "CRITICAL_HEADER",
            "EMBEDDED_KEY",
            "KEY_ID_MALFORMED",
            "KEY_ID_MISSING",
            "UNKNOWN_KEY",
            "SIGNATURE_INVALID",
            "OTHER_ISSUER",
            "NO_AUDIENCE",
            "OTHER_AUDIENCE",
            "NO_EXPIRY",
            "EXPIRED",
            "LIFE_TOO_LONG",
            "NOT_YET_VALID",
            "NO_PRINCIPAL",
            "NOT_AUTHENTICATED",
            "REVIEW_DISAGREES",
            "REVIEW_FORBIDDEN",
            "REVIEW_UNAVAILABLE",
            "KEYS_UNAVAILABLE");
  }

  @Test
  void whatCannotBeAskedIsUndecidedAndAllElseMeansThatTheCallerIsNotKnown() {
    List<TokenRejection> undecided =
        List.of(
            TokenRejection.REVIEW_FORBIDDEN,
            TokenRejection.REVIEW_UNAVAILABLE,
            TokenRejection.KEYS_UNAVAILABLE);
    assertThat(TokenRejection.values())
        .allSatisfy(
            reason -> {
              assertThat(reason.remedy()).matches("[A-Z].*\\.");
              assertThat(reason.kind())
                  .isEqualTo(undecided.contains(reason) ? Kind.UNDECIDED : Kind.UNAUTHENTICATED);
            });
  }
}
