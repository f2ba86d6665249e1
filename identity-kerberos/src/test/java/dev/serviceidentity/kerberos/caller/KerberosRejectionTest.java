// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Reason;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KerberosRejectionTest {
  private static final Set<KerberosRejection> MAY_BE_DECIDED_LATER =
      Set.of(
          KerberosRejection.OVER_QUOTA,
          KerberosRejection.SENT_BEFORE_START,
          KerberosRejection.REPLAY_STORE_UNAVAILABLE);

  @Test
  void theCodesAreStable() {
    assertThat(Arrays.stream(KerberosRejection.values()).map(Enum::name))
        .containsExactly(
            "MALFORMED_TOKEN",
            "TOO_LARGE",
            "NOT_KERBEROS",
            "CONTINUATION_UNSUPPORTED",
            "WRONG_SERVICE",
            "KEYTAB_STALE",
            "NO_KEY",
            "WRONG_KEY",
            "WEAK_ENCRYPTION",
            "UNSUPPORTED_ENCRYPTION",
            "TAMPERED",
            "REPLAYED",
            "TICKET_EXPIRED",
            "TICKET_NOT_YET_VALID",
            "CLOCK_SKEW",
            "WRONG_ADDRESS",
            "CLIENT_MISMATCH",
            "USER_TO_USER",
            "CRITICAL_AUTHORIZATION_DATA",
            "REALM_NOT_TRUSTED",
            "ANONYMOUS",
            "CHANNEL_BINDING_MISSING",
            "CHANNEL_BINDING_MISMATCH",
            "UNSUPPORTED_NAME",
            "SENT_BEFORE_START",
            "REPLAY_STORE_UNAVAILABLE",
            "OVER_QUOTA",
            "NOT_ACCEPTED");
  }

  @Test
  void eachIsA401ExceptWhatMayBeDecidedLater() {
    assertThat(KerberosRejection.values())
        .allSatisfy(
            reason ->
                assertThat(reason.kind())
                    .isEqualTo(
                        MAY_BE_DECIDED_LATER.contains(reason)
                            ? Reason.Kind.UNDECIDED
                            : Reason.Kind.UNAUTHENTICATED));
  }

  @Test
  void eachHasACure() {
    assertThat(KerberosRejection.values())
        .allSatisfy(reason -> assertThat(reason.remedy()).endsWith("."));
  }
}
