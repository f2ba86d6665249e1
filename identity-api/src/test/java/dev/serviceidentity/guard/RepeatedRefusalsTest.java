// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.fakes.Crowd;
import dev.serviceidentity.fakes.FakeEvents;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.guard.RepeatedRefusals.Seen;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Repeated refusals")
class RepeatedRefusalsTest {
  private static final Instant NOW = SetClock.START;
  private final RepeatedRefusals refusals = new RepeatedRefusals(3);

  @Test
  void areTheSameIfSourceReasonAndSecondAre() {
    assertThat(refusals.note(refusal("a", "X", NOW))).isEqualTo(Seen.FIRST);
    assertThat(refusals.note(refusal("a", "X", NOW.plusMillis(999)))).isEqualTo(Seen.REPEATED);
    assertThat(refusals.note(refusal("b", "X", NOW))).isEqualTo(Seen.FIRST);
    assertThat(refusals.note(refusal("a", "Y", NOW))).isEqualTo(Seen.FIRST);
  }

  @Test
  void areTheSameInOneSecondOnly() {
    assertThat(refusals.note(refusal("a", "X", NOW))).isEqualTo(Seen.FIRST);
    assertThat(refusals.note(refusal("a", "X", NOW.plusSeconds(1)))).isEqualTo(Seen.FIRST);
  }

  @Test
  void areTakenOnceTheirSecondIsOverWithTheirNumber() {
    AccessEvent first = refusal("a", "X", NOW);
    for (int i = 0; i < 5; i++) {
      refusals.note(first);
    }
    assertThat(refusals.takeBefore(NOW.plusMillis(999))).isEmpty();
    assertThat(refusals.takeBefore(NOW.plusSeconds(1)))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.heading().occurrences()).isEqualTo(4);
              assertThat(event.heading().id()).isEqualTo(first.heading().id());
              assertThat(event.source()).isEqualTo(first.source());
            });
    assertThat(refusals.takeBefore(Instant.MAX)).isEmpty();
  }

  @Test
  void areNotTakenIfTheFirstOneWasTheOnlyOne() {
    refusals.note(refusal("a", "X", NOW));
    assertThat(refusals.takeBefore(Instant.MAX)).isEmpty();
  }

  @Test
  void areDroppedBeyondTheCapacityUntilSomeAreTaken() {
    for (String source : List.of("a", "b", "c")) {
      assertThat(refusals.note(refusal(source, "X", NOW))).isEqualTo(Seen.FIRST);
    }
    assertThat(refusals.note(refusal("d", "X", NOW))).isEqualTo(Seen.DROPPED);
    assertThat(refusals.note(refusal("a", "X", NOW))).isEqualTo(Seen.REPEATED);
    refusals.takeBefore(Instant.MAX);
    assertThat(refusals.note(refusal("d", "X", NOW))).isEqualTo(Seen.FIRST);
  }

  @Test
  void ofAnUnknownSourceAreCountedTogether() {
    assertThat(refusals.note(refusal(null, "X", NOW))).isEqualTo(Seen.FIRST);
    assertThat(refusals.note(refusal(null, "X", NOW))).isEqualTo(Seen.REPEATED);
  }

  @Test
  void areAllCountedOnceUnderThreads() throws Exception {
    int threads = 6;
    int each = 40_000;
    var shared = new RepeatedRefusals(16);
    var counted = new AtomicLong();
    var working = new AtomicInteger(threads);
    List<AccessEvent> kinds =
        List.of(
            refusal("a", "X", NOW),
            refusal("b", "X", NOW),
            refusal("a", "Y", NOW.plusSeconds(1)),
            refusal("b", "Y", NOW.plusSeconds(2)));
    Crowd.run(
        threads + 1,
        thread -> {
          if (thread == threads) {
            while (working.get() > 0) {
              shared.takeBefore(NOW.plusSeconds(2)).forEach(e -> counted.addAndGet(number(e)));
            }
            return;
          }
          for (int i = 0; i < each; i++) {
            if (shared.note(kinds.get((thread + i) % kinds.size())) == Seen.FIRST) {
              counted.incrementAndGet();
            }
          }
          working.decrementAndGet();
        });
    shared.takeBefore(Instant.MAX).forEach(event -> counted.addAndGet(number(event)));
    assertThat(counted).hasValue((long) threads * each);
  }

  private static long number(AccessEvent event) {
    return event.heading().occurrences();
  }

  private static AccessEvent refusal(String source, String reason, Instant time) {
    return FakeEvents.refused(source, reason, time);
  }
}
