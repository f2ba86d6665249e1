// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class PrincipalIdFuzzTest {
  @FuzzTest
  void whatParsesIsReadBackFromItsOwnText(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    PrincipalId parsed;
    try {
      parsed = PrincipalId.parse(text);
    } catch (IllegalArgumentException refused) {
      return;
    }
    assertThat(PrincipalId.parse(parsed.toString())).isEqualTo(parsed);
    assertThat(parsed.toString().chars()).allMatch(c -> c > 0x20 && c < 0x7f);
    ServiceAccountName.ofSpiffePath(parsed)
        .ifPresent(
            account ->
                assertThat(parsed.name())
                    .isEqualTo("/ns/" + account.namespace() + "/sa/" + account.name()));
  }
}
