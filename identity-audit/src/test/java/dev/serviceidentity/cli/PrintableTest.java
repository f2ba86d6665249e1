// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        '\n', '\r', 0, 0x1b, 0x7f, 0x85, 0x200b, 0x2028, 0x2029, 0x202e, 0x2066, 0xd800, 0x378
      })
  void whatATerminalObeysIsWrittenOut(int character) {
    assertThat(Printable.of("a" + Character.toString(character) + "b"))
        .isEqualTo(String.format("a\\u%04xb", character));
  }

  @Test
  void whatIsSeenStaysAsItIs() {
    assertThat(Printable.of("größe → 日本 😀")).isEqualTo("größe → 日本 😀");
  }

  @Test
  void longTextIsCutAndSaysSo() {
    assertThat(Printable.of("a".repeat(10_000))).isEqualTo("a".repeat(10_000));
    assertThat(Printable.of("a".repeat(10_001))).isEqualTo("a".repeat(10_000) + "…");
  }
}
