// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A principal id")
class PrincipalIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kerberos:alice@SHOP.EXAMPLE",
        "kerberos:HTTP/orders.shop@SHOP.EXAMPLE",
        "kerberos:odd\\@name@SHOP.EXAMPLE",
        "kerberos:/ns/shop/sa/web@SHOP.EXAMPLE",
        "mtls:spiffe://shop.example/ns/shop/sa/web",
        "mtls:spiffe://shop.example//",
        "mtls:dns:web.shop@shop.example",
        "jwt-svid:spiffe://shop.example/batch",
        "spiffe:spiffe://shop.example/batch",
      })
  void isReadBackFromItsOwnText(String text) {
    assertThat(PrincipalId.parse(text)).hasToString(text);
  }

  @Test
  void isMutualTlsForABareSpiffeId() {
    assertThat(PrincipalId.parse("spiffe://shop.example/ns/shop/sa/web"))
        .isEqualTo(new PrincipalId(MechanismName.MTLS, "shop.example", "/ns/shop/sa/web"));
  }

  @Test
  void isSomebodyElseUnderAnotherMechanismOrRealmOrLetterCase() {
    PrincipalId alice = PrincipalId.parse("kerberos:alice@SHOP.EXAMPLE");
    assertThat(alice)
        .isNotEqualTo(PrincipalId.parse("mtls:alice@SHOP.EXAMPLE"))
        .isNotEqualTo(PrincipalId.parse("kerberos:alice@OTHER.EXAMPLE"))
        .isNotEqualTo(PrincipalId.parse("kerberos:alice@shop.example"))
        .isNotEqualTo(PrincipalId.parse("kerberos:Alice@SHOP.EXAMPLE"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "alice",
        "alice@SHOP.EXAMPLE",
        "kerberos:",
        "kerberos:alice",
        "kerberos:alice@",
        "kerberos:@SHOP.EXAMPLE",
        "kerberos:alice@SHOP/EXAMPLE",
        "Kerberos:alice@SHOP.EXAMPLE",
        "kerberos :alice@SHOP.EXAMPLE",
        "kerberos:al ice@SHOP.EXAMPLE",
        "kerberos:alice@SHOP.EXAMPLE\n",
        "kerberos:al\u0000ice@SHOP.EXAMPLE",
        "kerberos:\u0430lice@SHOP.EXAMPLE",
        "kerberos:al\u202eice@SHOP.EXAMPLE",
        "spiffe://",
        "spiffe://shop.example",
        "spiffe:///ns/shop/sa/web",
        "spiffe://shop@example/ns/shop/sa/web",
        "mtls:spiffe://shop.example",
        "mtls:SPIFFE://shop.example/ns/shop/sa/web",
      })
  void isNotReadFromAnyOtherText(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PrincipalId.parse(text));
  }

  @Test
  void hasPartsOfBoundedLength() {
    String longest = "n".repeat(2048);
    assertThat(new PrincipalId(MechanismName.KERBEROS, "R".repeat(255), longest).name())
        .isEqualTo(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PrincipalId(MechanismName.KERBEROS, "R", longest + "n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PrincipalId(MechanismName.KERBEROS, "R".repeat(256), "n"));
  }

  @Test
  void doesNotRepeatHostileTextInItsComplaint() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrincipalId.parse("kerberos:evil\n2026 INFO all is well@R"))
        .satisfies(complaint -> assertThat(complaint.getMessage()).doesNotContain("evil"));
  }

  @Test
  void needsAllParts() {
    assertThatNullPointerException().isThrownBy(() -> new PrincipalId(null, "R", "n"));
    assertThatNullPointerException()
        .isThrownBy(() -> new PrincipalId(MechanismName.KERBEROS, null, "n"));
    assertThatNullPointerException()
        .isThrownBy(() -> new PrincipalId(MechanismName.KERBEROS, "R", null));
  }

  @Test
  void neverSharesItsTextWithADifferentPrincipal() {
    long seed = System.nanoTime();
    System.out.println("PrincipalIdTest seed " + seed);
    var random = new Random(seed);
    String[] pieces = {"spiffe://", "a", "/", "@", ":", "\\", "mtls", ".", "%", "*", "R", "//"};
    MechanismName[] mechanisms = {
      MechanismName.KERBEROS, MechanismName.MTLS, MechanismName.of("spiffe")
    };
    Map<String, PrincipalId> seen = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      PrincipalId made;
      try {
        made =
            new PrincipalId(
                mechanisms[random.nextInt(mechanisms.length)],
                text(random, pieces),
                text(random, pieces));
      } catch (IllegalArgumentException refused) {
        continue;
      }
      assertThat(PrincipalId.parse(made.toString())).as("seed %d", seed).isEqualTo(made);
      PrincipalId other = seen.putIfAbsent(made.toString(), made);
      assertThat(other == null ? made : other).as("seed %d", seed).isEqualTo(made);
    }
  }

  private static String text(Random random, String[] pieces) {
    var text = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"envoy", "kerberos:envoy", "spiffe://shop.example"})
  void isRepeatedWhereItIsNone(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrincipalId.parse(text))
        .withMessageStartingWith("'" + text + "' is no ")
        .withMessageContaining(": write ");
  }
}
