// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A background thread")
class BackgroundThreadTest {
  private final BackgroundThread thread = new BackgroundThread("identity-test");

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void doesOnePieceOfWorkAfterTheOtherAsADaemonWithItsName() throws Exception {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    var last = new CompletableFuture<Thread>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      thread.execute(() -> done.add(number));
    }
    thread.execute(() -> last.complete(Thread.currentThread()));
    Thread worker = last.get(60, TimeUnit.SECONDS);
    assertThat(worker.getName()).isEqualTo("identity-test");
    assertThat(worker.isDaemon()).isTrue();
    assertThat(done).hasSize(100).isSorted();
  }

  @Test
  void goesOnAfterWorkThatFails() throws Exception {
    var next = new CompletableFuture<Boolean>();
    thread.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    thread.execute(() -> next.complete(true));
    assertThat(next.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void goesOnAfterAnErrorOnTheSameThread() throws Exception {
    var first = new CompletableFuture<Thread>();
    var next = new CompletableFuture<Thread>();
    thread.execute(
        () -> {
          first.complete(Thread.currentThread());
          throw new StackOverflowError("of a test");
        });
    thread.execute(() -> next.complete(Thread.currentThread()));
    assertThat(next.get(60, TimeUnit.SECONDS)).isSameAs(first.get(60, TimeUnit.SECONDS));
  }

  @Test
  void dropsWorkThatFindsNoRoom() throws Exception {
    var gate = new CountDownLatch(1);
    var started = new CountDownLatch(1);
    var done = new AtomicInteger();
    thread.execute(
        () -> {
          started.countDown();
          awaitQuietly(gate);
        });
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 300; i++) {
      thread.execute(done::incrementAndGet);
    }
    gate.countDown();
    var last = new CompletableFuture<Boolean>();
    while (!last.isDone()) {
      thread.execute(() -> last.complete(true));
      Thread.onSpinWait();
    }
    assertThat(done).hasValue(256);
  }

  @Test
  void doesNothingAfterClosing() {
    thread.close();
    var done = new AtomicInteger();
    thread.execute(done::incrementAndGet);
    assertThat(done).hasValue(0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
