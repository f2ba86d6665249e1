// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalNameTest {
  @Test
  void componentsAndRealmAreRead() {
    assertThat(PrincipalName.parse("HTTP/orders.shop@SHOP.EXAMPLE"))
        .isEqualTo(new PrincipalName(List.of("HTTP", "orders.shop"), "SHOP.EXAMPLE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@R", "a/b/c@R.S", "a\\/b@R", "a\\@b/c@R", "a\\\\b@R"})
  void whatIsWrittenIsReadBack(String text) {
    assertThat(PrincipalName.parse(text)).hasToString(text);
  }

  @Test
  void anEscapedSlashDoesNotSeparate() {
    assertThat(PrincipalName.parse("a\\/b@R").components()).containsExactly("a/b");
    assertThat(PrincipalName.parse("a\\/b@R")).isNotEqualTo(PrincipalName.parse("a/b@R"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a@",
        "@R",
        "/@R",
        "a/@R",
        "/a@R",
        "a//b@R",
        "a@R@S",
        "a@R/S",
        "a b@R",
        "a@R S",
        "a\\",
        "a\\b@R",
        "a@R\\",
        "\u00e4@R",
        "a\n@R",
        "a@\u00c4"
      })
  void whatIsNotAPrincipalIsRefusedWithAnExample(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrincipalName.parse(text))
        .withMessageContaining("HTTP/orders.shop@SHOP.EXAMPLE");
  }

  @Test
  void partsThatAreTooLongAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrincipalName.parse("a".repeat(256) + "@R"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrincipalName.parse("a@" + "R".repeat(256)));
  }
}
