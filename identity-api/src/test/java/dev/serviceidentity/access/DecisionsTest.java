// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A decision")
class DecisionsTest {
  private static final String ID = "0123456789abcdef01234567";
  private static final Caller ALICE =
      Caller.of(PrincipalId.parse("kerberos:alice@SHOP.EXAMPLE"), Instant.EPOCH, Instant.MAX);

  @Test
  void thatRefusesTellsTheCallerItsLayerAndIdOnly() {
    var refusal = new Refusal(Layer.BINDING, RefusalReason.WRONG_WORKLOAD, "pod shop/batch-1");
    Refused refused = Refused.of(ID, refusal, List.of());
    assertThat(refused.publicReason()).isEqualTo("refused at layer BINDING, decision " + ID);
    assertThat(refused.explanation())
        .isEqualTo(
            "BINDING WRONG_WORKLOAD: pod shop/batch-1\n  → "
                + RefusalReason.WRONG_WORKLOAD.remedy());
    assertThat(refused).hasToString("Refused[" + ID + " BINDING WRONG_WORKLOAD]");
  }

  @Test
  void thatRefusesExplainsItselfWithoutAnythingThatATerminalObeys() {
    var refusal =
        new Refusal(
            Layer.IDENTITY,
            RefusalReason.INTERNAL_ERROR,
            "a\u001b[2J\rb\u0000\u202ec\u2028d\ud83d\ude00\n  e");
    assertThat(refusal.detail())
        .isEqualTo("a\\u001b[2J\\u000db\\u0000\\u202ec\\u2028d\ud83d\ude00\n  e");
    assertThat(new Refusal(Layer.IDENTITY, RefusalReason.CLOSED, "\udb40\udc41").detail())
        .isEqualTo("\\udb40\\udc41");
  }

  @Test
  void thatAdmitsHasACaller() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Admitted.of(ID, List.of(), null, null, List.of()));
    Admitted admitted = Admitted.of(ID, List.of(ALICE), null, null, List.of());
    assertThat(admitted.caller()).isSameAs(ALICE);
    assertThat(admitted).hasToString("Admitted[" + ID + " [kerberos:alice@SHOP.EXAMPLE]]");
  }

  @Test
  void doesNotShowTheProofInItsReply() {
    var reply = List.of(new HeaderField("WWW-Authenticate", "Negotiate secret"));
    Admitted admitted = Admitted.of(ID, List.of(ALICE), null, null, reply);
    assertThat(admitted.toString() + admitted.explanation() + admitted.reply())
        .doesNotContain("secret");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> admitted.reply().clear());
  }

  @Test
  void endsTheConnectionIfItsReplySaysSo() {
    var challenge = new HeaderField("WWW-Authenticate", "Negotiate");
    assertThat(replying(challenge, new HeaderField("connection", "Close")).endsConnection())
        .isTrue();
    assertThat(replying(challenge, new HeaderField("Connection", "keep-alive")).endsConnection())
        .isFalse();
    assertThat(replying(challenge, new HeaderField("Server", "close")).endsConnection()).isFalse();
    assertThat(replying().endsConnection()).isFalse();
  }

  private static AccessDecision replying(HeaderField... reply) {
    var refusal = new Refusal(Layer.IDENTITY, RefusalReason.NO_CREDENTIALS, "");
    return Refused.of(ID, refusal, List.of(reply));
  }
}
