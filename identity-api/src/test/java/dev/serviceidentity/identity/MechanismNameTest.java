// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A mechanism name")
class MechanismNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "kerberos", "my-tokens-2", "a2345678901234567890123456789012"})
  void isAShortLowerCaseWord(String name) {
    assertThat(MechanismName.of(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Kerberos",
        "2fa",
        "-a",
        "a b",
        "a\n",
        "a:b",
        "\u0430",
        "a23456789012345678901234567890123"
      })
  void isNothingElse(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> MechanismName.of(name));
  }

  @Test
  void isTheSameAsTheConstantOfThatName() {
    assertThat(MechanismName.of("kerberos")).isEqualTo(MechanismName.KERBEROS);
    assertThat(MechanismName.of("mtls")).isEqualTo(MechanismName.MTLS);
    assertThat(MechanismName.of("service-account-token"))
        .isEqualTo(MechanismName.SERVICE_ACCOUNT_TOKEN);
  }
}
