// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    assertThat(blocks).hasToString("[CERTIFICATE in line 2, CERTIFICATE in line 7]");
    assertThat(blocks.get(1).der()).containsExactly(0x30, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "A|MAA=, has no END line",
    "A|MAA=|-----END B-----, not ended by its own END line",
    "A|-----BEGIN A-----|MAA=|-----END A-----, not ended by its own END line",
    "A|M!A=|-----END A-----, is not base64",
    "A|-----END A-----, is not one DER element",
    "A|MAAA|-----END A-----, is not one DER element",
    "A|Proc-Type: 4|MAA=|-----END A-----, old encrypted form",
  })
  void whatIsNotPemIsRefusedWithItsPlace(String text, String says) {
    assertThatThrownBy(() -> PemBlock.parse(lines("-----BEGIN A-----" + text.substring(1))))
        .isInstanceOf(MalformedPemException.class)
        .hasMessageContaining("block 1 (line ")
        .hasMessageContaining(says);
  }

  @Test
  void aBoundaryOutOfPlaceIsRefused() {
    assertThatThrownBy(() -> PemBlock.parse("\n-----END A-----\n"))
        .hasMessageContaining("line 2 is a PEM boundary out of place");
  }

  @Test
  void nothingGivesNoBlocks() throws Exception {
    assertThat(PemBlock.parse("")).isEmpty();
  }

  private static String lines(String text) {
    return text.replace('|', '\n');
  }
}
