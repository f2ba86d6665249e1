// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.kerby.kerberos.kerb.KrbErrorCode;
import org.junit.jupiter.api.Test;

class ErrorNamesTest {
  @Test
  void theNamesAreThoseThatOthersUse() {
    for (int code = 1; code < 76; code++) {
      int number = code;
      Arrays.stream(KrbErrorCode.values())
          .filter(other -> other.getValue() == number)
          // Kerby leaves out the beginning of some.
          .forEach(other -> assertThat(ErrorNames.of(number).orElseThrow()).endsWith(other.name()));
    }
  }

  @Test
  void anErrorThatNobodyKnowsHasItsNumber() {
    assertThat(KdcErrors.name(7)).isEqualTo("KDC_ERR_S_PRINCIPAL_UNKNOWN (7)");
    assertThat(KdcErrors.name(-3)).isEqualTo("error -3");
  }
}
