// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        '\n', '\r', '\t', 0, 0x1b, 0x7f, 0x85, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
        0x202e, 0x2066, 0x2069, 0xad, 0xfeff, 0xd800, 0xe0001
      })
  void whatIsNotSeenOrChangesTheLineIsWrittenOut(int character) {
    String text = "a" + Character.toString(character) + "b";

    assertThat(Quote.plain(text)).isEqualTo(String.format("a\\u%04xb", character));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "größe", "日本", "a=b", "😀"})
  void whatIsSeenStaysAsItIs(String text) {
    assertThat(Quote.of(text)).isEqualTo("`" + text + "`");
  }

  @Test
  void aQuotationMarkCannotEndAQuotation() {
    assertThat(Quote.of("a` or `b")).isEqualTo("`a\\u0060 or \\u0060b`");
  }

  @Test
  void longTextIsCutAndSaysSo() {
    assertThat(Quote.plain("a".repeat(200))).isEqualTo("a".repeat(200));
    assertThat(Quote.plain("a".repeat(201))).isEqualTo("a".repeat(200) + "…");
  }
}
