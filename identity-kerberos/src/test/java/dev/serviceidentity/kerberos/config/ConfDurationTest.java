// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfDurationTest {
  /** What krb5_string_to_deltat of MIT's release 1.20.1 gives for the same text. */
  @ParameterizedTest
  @CsvSource({
    "300, 300",
    "5m, 300",
    "1h30m, 5400",
    "1h 30m, 5400",
    "1d, 86400",
    "1d2h3m4s, 93784",
    "10:00, 36000",
    "10:00:30, 36030",
    "1-02:03:04, 93784",
    "3000s, 3000"
  })
  void theFormsOfMitAreRead(String text, long seconds) {
    assertThat(ConfDuration.parse(text)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "x", "1 d", "5M", "-5", "1m1h", "10:60", "99999999999", "1.5h"})
  void otherFormsAreNone(String text) {
    assertThat(ConfDuration.parse(text)).isEmpty();
  }
}
