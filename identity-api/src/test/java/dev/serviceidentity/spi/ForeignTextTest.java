// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Foreign text")
class ForeignTextTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "web-1 a, 'web-1 a'",
        "it's, 'it\\u0027s'",
        "a\\b, 'a\\u005cb'",
        "\u0430, '\\u0430'",
        "\ud83d\ude00, '\\ud83d\\ude00'",
        "x\u001b[2J, 'x\\u001b[2J'",
        "\"a\nb\", 'a\\u000ab'",
      })
  void isQuotedOnOneLineOfVisibleAscii(String text, String quoted) {
    assertThat(ForeignText.quote(text)).isEqualTo(quoted);
  }

  @Test
  void isNotEndless() {
    assertThat(ForeignText.quote("x".repeat(200))).isEqualTo("'" + "x".repeat(200) + "'");
    assertThat(ForeignText.quote("x".repeat(1_000_000))).hasSize(205).endsWith("...'");
    assertThat(ForeignText.quote("\u0000".repeat(1_000_000))).hasSize(1205);
  }
}
