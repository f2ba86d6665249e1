// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A verification")
class VerificationTest {
  private static final Caller WEB =
      Caller.of(PrincipalId.parse("kerberos:web@SHOP.EXAMPLE"), Instant.EPOCH, Instant.MAX);

  @Test
  void givesTheVerifiedCaller() {
    assertThat(Verification.verified(WEB).orElseThrow()).isSameAs(WEB);
  }

  @Test
  void throwsForARejectedCallerWithReasonFactsAndRemedy() {
    Verification rejected = Verification.rejected(RefusalReason.NO_CREDENTIALS, "nothing was sent");
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(rejected::orElseThrow)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(IdentityException.Code.REFUSED))
        .withMessageContaining("NO_CREDENTIALS")
        .withMessageContaining("nothing was sent")
        .withMessageContaining(RefusalReason.NO_CREDENTIALS.remedy());
  }

  @Test
  void writesItsReplyLineByLine() {
    var fields =
        List.of(
            new HeaderField("WWW-Authenticate", "Negotiate abc"),
            new HeaderField("WWW-Authenticate", "Bearer"));
    List<String> written = new ArrayList<>();
    new Verification.Verified(WEB, fields)
        .applyTo((name, value) -> written.add(name + ": " + value));
    assertThat(written)
        .containsExactly("WWW-Authenticate: Negotiate abc", "WWW-Authenticate: Bearer");
  }

  @Test
  void doesNotShowTheValuesOfItsReply() {
    var reply = List.of(new HeaderField("WWW-Authenticate", "Negotiate secret"));
    assertThat(new Verification.Verified(WEB, reply).toString()).doesNotContain("secret");
    assertThat(new Verification.Rejected(RefusalReason.UNAVAILABLE, "", reply).toString())
        .doesNotContain("secret");
  }
}
