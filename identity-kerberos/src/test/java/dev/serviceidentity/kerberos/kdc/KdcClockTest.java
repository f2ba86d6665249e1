// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a KDC's whole seconds say about its clock. */
class KdcClockTest {
  private static final Instant SECOND = Instant.parse("2026-03-01T12:00:00Z");

  private final KdcClock clock = new KdcClock(Clock.fixed(SECOND, ZoneOffset.UTC));

  /** A second begins late by up to a tick: asked for right after it, the KDC may name the last. */
  @ParameterizedTest
  @CsvSource({"0, 1", "400, 600", "999, 1001", "1002, 1003", "1010, 1011"})
  void aClockThatMayBeRightIs(long asked, long answered) throws Exception {
    clock.learn(SECOND, SECOND.plusMillis(asked), SECOND.plusMillis(answered));

    assertThat(clock.offset()).isZero();
  }

  @Test
  void aClockThatIsBehindIsBehindByTheLeastThatExplainsIt() throws Exception {
    clock.learn(SECOND, SECOND.plusMillis(3_010), SECOND.plusMillis(3_020));

    assertThat(clock.offset()).isEqualTo(Duration.ofSeconds(-2));
  }

  @Test
  void aClockThatIsAheadIsAheadByTheLeastThatExplainsIt() throws Exception {
    clock.learn(SECOND, SECOND.minusMillis(2_020), SECOND.minusMillis(2_000));

    assertThat(clock.offset()).isEqualTo(Duration.ofSeconds(2));
  }
}
