// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Regular work")
class RegularWorkTest {
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  @Test
  void isDoneAgainAlsoAfterItHasFailedAndNeverTwiceAtOnce() throws Exception {
    var times = new CountDownLatch(20);
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    try (RegularWork work =
        start(
            () -> true,
            () -> {
              most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              atOnce.decrementAndGet();
              times.countDown();
              throw new IllegalStateException("for this test");
            })) {
      assertThat(times.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void waitsUntilItIsDue() throws Exception {
    var asked = new CountDownLatch(3);
    var due = new AtomicBoolean();
    var early = new AtomicBoolean();
    var done = new CountDownLatch(1);
    try (RegularWork work =
        start(
            () -> {
              asked.countDown();
              return due.get();
            },
            () -> {
              early.compareAndSet(false, !due.get());
              done.countDown();
            })) {
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      due.set(true);
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(early).isFalse();
  }

  private RegularWork start(BooleanSupplier due, Runnable work) {
    return RegularWork.start("identity-test", scheduler, Duration.ofMillis(1), due, work);
  }
}
