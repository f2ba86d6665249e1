// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefreshScheduleTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aTicketIsRefreshedAtAboutFourFifthsOfItsLife() {
    Instant end = NOW.plus(Duration.ofHours(10));
    assertThat(with(0).afterSuccess(NOW, end)).isEqualTo(NOW.plus(Duration.ofMinutes(450)));
    assertThat(with(0.5).afterSuccess(NOW, end)).isEqualTo(NOW.plus(Duration.ofHours(8)));
    assertThat(with(1).afterSuccess(NOW, end)).isEqualTo(NOW.plus(Duration.ofMinutes(510)));
  }

  @Test
  void patienceGrowsUpToAMinute() {
    assertThat(with(1).afterFailure(NOW, 1)).isEqualTo(NOW.plusSeconds(1));
    assertThat(with(1).afterFailure(NOW, 2)).isEqualTo(NOW.plusSeconds(2));
    assertThat(with(1).afterFailure(NOW, 6)).isEqualTo(NOW.plusSeconds(32));
    assertThat(with(1).afterFailure(NOW, 7)).isEqualTo(NOW.plusSeconds(60));
    assertThat(with(1).afterFailure(NOW, Integer.MAX_VALUE)).isEqualTo(NOW.plusSeconds(60));
    assertThat(with(0).afterFailure(NOW, 100)).isEqualTo(NOW.plusSeconds(30));
  }

  private static RefreshSchedule with(double chance) {
    return new RefreshSchedule(() -> chance);
  }
}
