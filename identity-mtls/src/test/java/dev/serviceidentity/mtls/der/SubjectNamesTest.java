// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectNamesTest {
  @Test
  void namesOfEachKindAreReadInTheirOrder() throws Exception {
    SubjectNames names = SubjectNames.parse(bytes("040e" + "300c" + "860161820162810163860164"));

    assertThat(names.uris()).containsExactly("a", "d");
    assertThat(names.dnsNames()).containsExactly("b");
  }

  @ParameterizedTest
  @CsvSource({
    "04023000, it has no name",
    "04053003860161ff, 1 bytes follow",
    "04063003860161ff, 1 bytes follow",
    "04053003890161, no known kind",
    "3003860161, belongs",
    "0405a003860161, belongs",
  })
  void otherBytesAreRefused(String hex, String says) {
    assertThatThrownBy(() -> SubjectNames.parse(bytes(hex)))
        .isInstanceOf(MalformedDerException.class)
        .hasMessageContaining(says);
  }

  @Test
  void tooManyNamesAreRefused() {
    String names = "860161".repeat(257);

    assertThatThrownBy(() -> SubjectNames.parse(bytes("04820307" + "30820303" + names)))
        .hasMessageContaining("more than 256 names");
  }

  @Test
  void tooManyBytesAreRefusedUnread() {
    assertThatThrownBy(() -> SubjectNames.parse(new byte[16 * 1024 + 1]))
        .hasMessageContaining("longer than 16384 bytes");
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
