// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.fakes.FakeEvents;
import dev.serviceidentity.fakes.GatedSink;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.Health.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The audit trail")
@Timeout(180)
class AuditTrailTest {
  private static final AccessEvent EVENT = FakeEvents.admitted("kerberos:alice@SHOP.EXAMPLE");

  @Test
  void isDownAndTakesNothingIfItsThreadHasEnded() {
    var broken = new AtomicBoolean();
    AuditTrail trail = AuditTrail.start(new InMemorySink(10), failing(broken));
    assertThat(trail.keeps()).isTrue();
    broken.set(true);
    trail.decided(EVENT);
    while (trail.keeps()) {
      Thread.onSpinWait();
    }
    assertThat(trail.health().status()).isEqualTo(Status.DOWN);
    assertThat(trail.health().detail()).contains("ended");
    assertThat(trail.decided(EVENT)).isFalse();
    trail.close();
  }

  @Test
  void takesNothingAnyMoreOnceItIsClosed() {
    var sink = new InMemorySink(10);
    AuditTrail trail = AuditTrail.start(sink, new SetClock());
    assertThat(trail.decided(EVENT)).isTrue();
    trail.close();
    assertThat(trail.decided(EVENT)).isFalse();
    trail.refused(FakeEvents.refused("a", "X", SetClock.START));
    assertThat(sink.events()).hasSize(1);
    assertThat(trail.health().detail()).contains("2 lost");
  }

  @Test
  void hasItsThreadEndThoughTheSinkTakesNothing() throws Exception {
    var sink = new GatedSink();
    AuditTrail trail = AuditTrail.start(sink, new SetClock());
    trail.decided(EVENT);
    sink.awaitEvent();
    trail.decided(EVENT);
    trail.decided(EVENT);
    CompletableFuture.runAsync(trail::close).get(30, TimeUnit.SECONDS);
    while (!sink.closed.get()) {
      Thread.onSpinWait();
    }
    assertThat(trail.health().detail()).contains("3 lost");
  }

  @Test
  void writesRepeatedRefusalsWhenTheirSecondIsOver() throws Exception {
    var clock = new SetClock();
    var sink = new InMemorySink(10);
    try (AuditTrail trail = AuditTrail.start(sink, clock)) {
      AccessEvent refusal = FakeEvents.refused("a", "X", SetClock.START);
      trail.refused(refusal);
      trail.refused(refusal);
      trail.refused(refusal);
      clock.advance(Duration.ofSeconds(1));
      assertThat(sink.await(event -> event.heading().occurrences() == 2, Duration.ofSeconds(60)))
          .isPresent();
    }
    assertThat(sink.events()).hasSize(2);
  }

  @Test
  void writesWhatComesWhileItPauses() throws Exception {
    var sink = new InMemorySink(1000);
    try (AuditTrail trail = AuditTrail.start(sink, new SetClock())) {
      for (int i = 1; i <= 400; i++) {
        int written = i;
        assertThat(trail.decided(EVENT)).isTrue();
        if (i % 2 == 0) {
          // It has come before the pause after the first one, in it or behind it.
          assertThat(
                  sink.await(
                      event -> event.heading().sequence() == written, Duration.ofSeconds(60)))
              .isPresent();
        }
      }
    }
    assertThat(sink.events()).hasSize(400);
  }

  /** Fails on other threads than this one, which may be the first to count what was lost. */
  private static Clock failing(AtomicBoolean broken) {
    Thread here = Thread.currentThread();
    return new Clock() {
      @Override
      public Instant instant() {
        if (broken.get() && Thread.currentThread() != here) {
          throw new IllegalStateException("no time");
        }
        return SetClock.START;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
