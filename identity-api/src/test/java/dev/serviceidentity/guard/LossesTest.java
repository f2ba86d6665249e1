// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.fakes.LogRecords;
import dev.serviceidentity.fakes.SetClock;
import java.time.Duration;
import java.util.logging.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Lost events")
class LossesTest {
  private final SetClock clock = new SetClock();
  private final Losses losses = new Losses(clock);

  @Test
  void areCountedForEver() {
    losses.note();
    clock.advance(Duration.ofDays(1));
    losses.note();
    assertThat(losses.count()).isEqualTo(2);
  }

  @Test
  void areOneEpisodeWhileTheyFollowOneAnotherWithinFiveMinutes() {
    assertThat(losses.since()).isEmpty();
    losses.note();
    clock.advance(Duration.ofMinutes(4));
    losses.note();
    clock.advance(Duration.ofMinutes(4));
    assertThat(losses.since()).contains(SetClock.START);
    clock.advance(Duration.ofMinutes(1));
    assertThat(losses.since()).isEmpty();
    losses.note();
    assertThat(losses.since()).contains(SetClock.START.plus(Duration.ofMinutes(9)));
  }

  @Test
  void areWarnedOfOnceAnEpisode() {
    Thread mine = Thread.currentThread();
    try (LogRecords records =
        LogRecords.of(AuditTrail.class.getName(), logged -> Thread.currentThread().equals(mine))) {
      losses.note();
      losses.note();
      clock.advance(Duration.ofMinutes(5));
      losses.note();
      assertThat(records.levels()).containsExactly(Level.WARNING, Level.WARNING);
    }
  }
}
