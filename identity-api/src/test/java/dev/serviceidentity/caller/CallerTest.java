// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.PrincipalId;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A caller")
class CallerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Caller WEB =
      Caller.of(PrincipalId.parse("kerberos:web@SHOP.EXAMPLE"), NOW, NOW.plusSeconds(60));

  @Test
  void equalsACallerOfTheSameParts() {
    Caller one = WEB.attribute("pod", "web-1").attribute("kvno", "2").fingerprint("sha256:ab");
    Caller other = WEB.fingerprint("sha256:ab").attribute("kvno", "2").attribute("pod", "web-1");
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
  }

  @Test
  void differsFromACallerWithAnyOtherPart() {
    assertThat(WEB)
        .isNotEqualTo(Caller.of(PrincipalId.parse("kerberos:b@R"), NOW, NOW.plusSeconds(60)))
        .isNotEqualTo(Caller.of(WEB.principal(), NOW.plusNanos(1), NOW.plusSeconds(60)))
        .isNotEqualTo(Caller.of(WEB.principal(), NOW, NOW.plusSeconds(61)))
        .isNotEqualTo(WEB.attribute("pod", "web-1"))
        .isNotEqualTo(WEB.fingerprint("sha256:ab"))
        .isNotEqualTo(WEB.forwardedBy(new Forwarder.Proxy(WEB)))
        .isNotEqualTo(WEB.boundTo(new Caller.BoundPod("web-1", "u-1")))
        .isNotEqualTo("kerberos:web@SHOP.EXAMPLE");
  }

  @Test
  void isLeftAsItIsByItsWithers() {
    WEB.attribute("pod", "web-1").fingerprint("sha256:ab").forwardedBy(new Forwarder.Proxy(WEB));
    assertThat(WEB.forwardedBy()).isEmpty();
    assertThat(WEB.attributes()).isEmpty();
    assertThat(WEB.fingerprint()).isEmpty();
  }

  @Test
  void keepsThePodThatItsCredentialIsForBesideAllElse() {
    var pod = new Caller.BoundPod("web-1", "u-1");
    Caller bound =
        WEB.boundTo(pod)
            .attribute("a", "b")
            .fingerprint("sha256:ab")
            .forwardedBy(new Forwarder.Proxy(WEB))
            .authenticatedAt(NOW.plusSeconds(1));
    assertThat(bound.boundPod()).contains(pod);
    assertThat(WEB.boundPod()).isEmpty();
  }

  @Test
  void isForNoPodWithoutNameOrUid() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Caller.BoundPod("", "u-1"));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Caller.BoundPod("web-1", ""));
  }

  @Test
  void replacesAnAttributeOfTheSameName() {
    assertThat(WEB.attribute("pod", "a").attribute("pod", "b").attributes())
        .containsOnly(org.assertj.core.api.Assertions.entry("pod", "b"));
  }

  @Test
  void handsOutAttributesThatNobodyCanChange() {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> WEB.attribute("pod", "a").attributes().clear());
  }

  @Test
  void showsItsPrincipalOnly() {
    assertThat(WEB.attribute("email", "a@b").fingerprint("sha256:ab"))
        .hasToString("kerberos:web@SHOP.EXAMPLE");
  }
}
