// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.der.DerReader;
import dev.serviceidentity.mtls.der.MalformedDerException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerReaderTest {
  @Test
  void elementsAreReadInTheirOrder() throws Exception {
    DerReader sequence = reader("3006020105040161").enter(DerReader.SEQUENCE);

    assertThat(sequence.hex(DerReader.INTEGER)).isEqualTo("05");
    assertThat(sequence.text(DerReader.OCTET_STRING)).isEqualTo("a");
    assertThat(sequence.hasMore()).isFalse();
  }

  @Test
  void longLengthsAreRead() throws Exception {
    assertThat(reader("048180" + "61".repeat(128)).content(DerReader.OCTET_STRING)).hasSize(128);
  }

  @ParameterizedTest
  @CsvSource({
    "0484000000016161, too long",
    "04810161, shortest",
    "0482008061, shortest",
    "0402ff, longer than what holds it",
    "04, cut off",
    "0481, cut off",
    "1f810100, several bytes",
    "020100, where 0x04 belongs",
  })
  void whatIsNotDerIsRefused(String hex, String says) {
    assertThatThrownBy(() -> reader(hex).enter(DerReader.OCTET_STRING))
        .isInstanceOf(MalformedDerException.class)
        .hasMessageContaining(says);
  }

  @Test
  void anIndefiniteLengthIsRefused() {
    assertThatThrownBy(() -> reader("30800000").enter(DerReader.SEQUENCE))
        .hasMessageContaining("indefinite");
  }

  @Test
  void bytesAfterTheEndAreNoticed() {
    assertThatThrownBy(() -> reader("00").end()).hasMessageContaining("1 bytes follow");
  }

  private static DerReader reader(String hex) {
    return new DerReader(HexFormat.of().parseHex(hex));
  }
}
