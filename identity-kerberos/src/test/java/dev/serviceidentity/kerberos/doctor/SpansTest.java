// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.0123S, 12 ms",
    "PT59S, 59 s",
    "PT1M, 1 min",
    "PT1M1S, 1 min 1 s",
    "PT9H59M59S, 9 h 59 min",
    "PT24H, 1 d",
    "P2DT3H4M, 2 d 3 h",
    "PT-3M, 3 min",
  })
  void aSpanIsSaidInItsTwoLargestUnits(Duration span, String said) {
    assertThat(Spans.of(span)).isEqualTo(said);
  }

  @Test
  void aMomentIsSaidWithHowFarAwayItIs() {
    assertThat(Spans.at(NOW.plusSeconds(90), NOW))
        .isEqualTo("2026-03-01T12:01:30Z (in 1 min 30 s)");
    assertThat(Spans.at(NOW.minusSeconds(90), NOW))
        .isEqualTo("2026-03-01T11:58:30Z (1 min 30 s ago)");
  }
}
