// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;

class LazyTest {
  private static final int ASKERS = 4;

  @RepeatedTest(50)
  void aValueIsMadeOnceForAllWhoAskAtOnce() {
    var made = new AtomicInteger();
    var lazy = new Lazy<>(made::incrementAndGet);
    var together = new CountDownLatch(ASKERS);
    Stream.generate(
            () ->
                CompletableFuture.supplyAsync(
                    () -> ask(lazy, together), task -> new Thread(task).start()))
        .limit(ASKERS)
        .toList()
        .forEach(answer -> assertThat(answer.join()).isEqualTo(1));
    assertThat(made).hasValue(1);
  }

  private static Integer ask(Lazy<Integer> lazy, CountDownLatch together) {
    together.countDown();
    while (together.getCount() > 0) {
      Thread.onSpinWait();
    }
    return lazy.get();
  }
}
