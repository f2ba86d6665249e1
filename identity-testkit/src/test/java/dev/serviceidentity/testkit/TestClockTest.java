// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private final TestClock clock = TestClock.at(START);

  @Test
  void itStandsStillUntilItIsMoved() {
    assertThat(clock.instant()).isEqualTo(START);
    clock.advance(Duration.ofSeconds(3));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(3));
  }

  @Test
  void aClockInAnotherZoneMovesWithIt() {
    var there = clock.withZone(ZoneId.of("Europe/Vienna"));
    clock.set(START.minusSeconds(1));
    assertThat(there.instant()).isEqualTo(START.minusSeconds(1));
    assertThat(there.getZone()).isEqualTo(ZoneId.of("Europe/Vienna"));
  }

  @Test
  void stepsOfManyThreadsAddUp() {
    IntStream.range(0, 1000).parallel().forEach(step -> clock.advance(Duration.ofMillis(1)));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
  }
}
