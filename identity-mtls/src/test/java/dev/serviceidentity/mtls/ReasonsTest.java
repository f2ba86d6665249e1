// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Reason.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Reasons are codes in audit logs and metrics: none may be renamed or vanish unnoticed. */
class ReasonsTest {
  @Test
  void theCodesAreTheseAndNoOthers() {
    assertThat(Arrays.stream(CertificateRejection.values()).map(Enum::name))
        .containsExactlyInAnyOrder(
            "CHAIN_TOO_LONG",
            "CHAIN_TOO_LARGE",
            "CHAIN_REPEATS",
            "CHAIN_UNRELATED",
            "MALFORMED",
            "NOT_VERSION_3",
            "SERIAL_NOT_POSITIVE",
            "UNKNOWN_CRITICAL_EXTENSION",
            "EMPTY_SUBJECT_NEEDS_CRITICAL_NAME",
            "NAME_MALFORMED",
            "NO_URI_NAME",
            "SEVERAL_URI_NAMES",
            "ID_SCHEME",
            "ID_QUERY",
            "ID_FRAGMENT",
            "ID_PORT",
            "ID_USER_INFO",
            "ID_TRUST_DOMAIN",
            "ID_PERCENT_ENCODING",
            "ID_PATH_SEGMENT",
            "ID_CHARACTERS",
            "ID_TOO_LONG",
            "ID_WITHOUT_PATH",
            "NO_DNS_NAME",
            "SEVERAL_DNS_NAMES",
            "DNS_NAME_INVALID",
            "URI_NAME_INVALID",
            "SUBJECT_INVALID",
            "NAMES_OF_TWO_KINDS",
            "LEAF_IS_CA",
            "LEAF_SIGNS_CERTIFICATES",
            "LEAF_SIGNS_REVOCATIONS",
            "NO_DIGITAL_SIGNATURE",
            "KEY_USAGE_NOT_CRITICAL",
            "EXTENDED_KEY_USAGE",
            "SIGNER_NOT_CA",
            "SIGNER_KEY_USAGE",
            "SIGNER_PURPOSE",
            "SIGNER_HAS_PATH",
            "SIGNER_OF_OTHER_DOMAIN",
            "WEAK_KEY",
            "WEAK_SIGNATURE",
            "EXPIRED",
            "NOT_YET_VALID",
            "SIGNER_NOT_VALID_NOW",
            "ANCHOR_EXPIRED",
            "UNKNOWN_TRUST_DOMAIN",
            "UNTRUSTED_ISSUER",
            "SIGNATURE_INVALID",
            "SELF_SIGNED",
            "LEAF_IS_ANCHOR",
            "PATH_LENGTH",
            "NAME_CONSTRAINTS",
            "REVOKED",
            "REVOCATION_UNKNOWN",
            "SESSION_TOO_OLD",
            "PATH_INVALID",
            "SERVER_NOT_EXPECTED");
  }

  @Test
  void everyReasonNamesACure() {
    for (CertificateRejection reason : CertificateRejection.values()) {
      assertThat(reason.remedy()).as(reason.name()).matches("[A-Z].*\\.");
    }
  }

  @Test
  void onlyAnUnexpectedServerIsKnownAndForbidden() {
    assertThat(CertificateRejection.values())
        .filteredOn(reason -> reason.kind() == Kind.FORBIDDEN)
        .containsExactly(CertificateRejection.SERVER_NOT_EXPECTED);
  }

  @Test
  void onlyAnUnknownRevocationIsUndecided() {
    assertThat(CertificateRejection.values())
        .filteredOn(reason -> reason.kind() == Kind.UNDECIDED)
        .containsExactly(CertificateRejection.REVOCATION_UNKNOWN);
  }
}
