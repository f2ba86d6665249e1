// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.pem.MalformedPemException;
import dev.serviceidentity.mtls.pem.PemBlock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemBlockTest {
  @Test
  void blocksAreReadWithTextBetweenThem() throws Exception {
    String text =
        """
        subject=CN=root
        -----BEGIN CERTIFICATE-----
        MAA=
        -----END CERTIFICATE-----

        # the old one
        -----BEGIN CERTIFICATE-----\r
        MA\r
        A=\r
        -----END CERTIFICATE-----\r
        """;

    List<PemBlock> blocks = PemBlock.parse(text);

    assertThat(blocks)
        .hasToString("[CERTIFICATE in block 1 (line 2), CERTIFICATE in block 2 (line 7)]");
    assertThat(blocks.get(1).der()).containsExactly(0x30, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "A|MAA=, has no END line, copy the whole block",
    "A|MAA=|-----END B-----, not ended by its own END line, copy the whole block",
    "A|-----BEGIN A-----|MAA=|-----END A-----, not ended by its own END line, copy",
    "A|M!A=|-----END A-----, is not base64, copy the whole block",
    "A|-----END A-----, is cut off or damaged, copy the whole block",
    "A|MAAA|-----END A-----, is cut off or damaged, copy the whole block",
    "A|Proc-Type: 4|MAA=|-----END A-----, old encrypted form, openssl pkcs8",
  })
  void whatIsNotPemIsRefusedWithItsPlaceAndTheCure(String text, String says, String cure) {
    assertThatThrownBy(() -> PemBlock.parse(lines("-----BEGIN A-----" + text.substring(1))))
        .isInstanceOf(MalformedPemException.class)
        .hasMessageContaining("block 1 (line 1)")
        .hasMessageContaining(says)
        .hasMessageContaining(cure);
  }

  @Test
  void aBlockThatLostItsLineBreaksIsRefusedAndNotQuoted() {
    assertThatThrownBy(
            () -> PemBlock.parse("-----BEGIN PRIVATE KEY-----MAA=-----END PRIVATE KEY-----"))
        .isInstanceOf(MalformedPemException.class)
        .hasMessage("block 1 (line 1) is all on one line; copy it again with its line breaks");
  }

  @Test
  void aBoundaryOutOfPlaceIsRefused() {
    assertThatThrownBy(() -> PemBlock.parse("\n-----END A-----\n"))
        .hasMessageContaining("line 2 is a boundary out of place; each block begins");
  }

  @Test
  void nothingGivesNoBlocks() throws Exception {
    assertThat(PemBlock.parse("")).isEmpty();
  }

  private static String lines(String text) {
    return text.replace('|', '\n');
  }
}
