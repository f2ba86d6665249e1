// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.fakes.Crowd;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A fair queue")
class FairQueueTest {
  private final FairQueue<String, String> queue = new FairQueue<>(6, 3);

  @Test
  void givesElementsInTheOrderOfTheirComing() {
    queue.offer("a", "1");
    queue.offer("b", "2");
    queue.offer("a", "3");
    assertThat(queue.poll()).isEqualTo("1");
    assertThat(queue.poll()).isEqualTo("2");
    assertThat(queue.poll()).isEqualTo("3");
    assertThat(queue.poll()).isNull();
  }

  @Test
  void takesNoMoreThanTheShareOfOneKeyAndStillTheOthers() {
    for (int i = 0; i < 3; i++) {
      assertThat(queue.offer("flood", "x")).isTrue();
    }
    assertThat(queue.offer("flood", "x")).isFalse();
    assertThat(queue.offer("other", "y")).isTrue();
    queue.poll();
    assertThat(queue.offer("flood", "x")).isTrue();
  }

  @Test
  void takesNoMoreThanItsCapacityOfAllKeys() {
    for (String key : new String[] {"a", "b", "c", "d", "e", "f"}) {
      assertThat(queue.offer(key, key)).isTrue();
    }
    assertThat(queue.offer("g", "g")).isFalse();
    queue.poll();
    assertThat(queue.offer("g", "g")).isTrue();
  }

  /** One element and whose it is. */
  private record Numbered(int thread, int number) {}

  @Test
  void losesDoublesAndReordersNothingUnderThreads() throws Exception {
    int producers = 6;
    var shared = new FairQueue<Integer, Numbered>(64, 24);
    var accepted = new AtomicLong();
    var working = new AtomicInteger(producers);
    Map<Integer, Integer> last = new HashMap<>();
    var taken = new AtomicLong();
    Crowd.run(
        producers + 1,
        thread -> {
          if (thread < producers) {
            for (int i = 0; i < 50_000; i++) {
              if (shared.offer(thread % 4, new Numbered(thread, i))) {
                accepted.incrementAndGet();
              }
            }
            working.decrementAndGet();
            return;
          }
          Numbered next = shared.poll();
          while (next != null || working.get() > 0) {
            if (next != null) {
              taken.incrementAndGet();
              Integer before = last.put(next.thread(), next.number());
              assertThat(before == null || before < next.number()).isTrue();
            }
            next = shared.poll();
          }
        });
    for (Numbered rest = shared.poll(); rest != null; rest = shared.poll()) {
      taken.incrementAndGet();
    }
    assertThat(taken).hasValue(accepted.get());
    assertThat(filled(shared)).isEqualTo(64);
  }

  @Test
  void neverHoldsMoreThanItsBoundsUnderThreads() throws Exception {
    var shared = new FairQueue<Integer, Integer>(100, 30);
    Crowd.run(
        8,
        thread -> {
          for (int i = 0; i < 20_000; i++) {
            shared.offer(thread % 2, thread);
          }
        });
    int held = 0;
    while (shared.poll() != null) {
      held++;
    }
    assertThat(held).isEqualTo(60);
    assertThat(filled(shared)).isEqualTo(100);
  }

  /** How many elements of different keys fit: all the places, if none was lost. */
  private static <E> int filled(FairQueue<Integer, E> queue) throws Exception {
    int fitting = 0;
    for (int key = 1000; queue.offer(key, null); key++) {
      fitting++;
    }
    return fitting;
  }
}
