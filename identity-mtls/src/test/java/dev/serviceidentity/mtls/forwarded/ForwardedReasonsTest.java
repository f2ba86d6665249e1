// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Reason.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Reasons are codes in audit logs and metrics: none may be renamed or vanish unnoticed. */
class ForwardedReasonsTest {
  @Test
  void theCodesAreTheseAndNoOthers() {
    assertThat(Arrays.stream(ForwardedRejection.values()).map(Enum::name))
        .containsExactlyInAnyOrder(
            "NOT_FORWARDED",
            "FORWARDED_PROXY",
            "MIXED_HEADERS",
            "SEVERAL_LINES",
            "LOOKALIKE_NAME",
            "NAMED_BY_CONNECTION",
            "TOO_LARGE",
            "TOO_MANY_ELEMENTS",
            "ILLEGAL_CHARACTER",
            "MALFORMED_QUOTING",
            "MALFORMED_ELEMENT",
            "REPEATED_KEY",
            "BY_MISSING",
            "BY_OTHER",
            "HASH_MALFORMED",
            "HASH_DIFFERS",
            "MALFORMED_ENCODING",
            "CERTIFICATE_UNREADABLE",
            "CHAIN_DIFFERS",
            "CHAIN_WITHOUT_CERTIFICATE",
            "MALFORMED_FIELD",
            "NAMES_DIFFER",
            "NO_NAME");
  }

  @Test
  void everyReasonNamesACureAndLeavesTheCallerUnknown() {
    for (ForwardedRejection reason : ForwardedRejection.values()) {
      assertThat(reason.remedy()).as(reason.name()).matches("[A-Z].*\\.");
      assertThat(reason.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    }
  }
}
