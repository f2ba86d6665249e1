// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.Crowd;
import dev.serviceidentity.fakes.SetClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A waiting room")
@Timeout(180)
class WaitingRoomTest {
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final WaitingRoom room = new WaitingRoom(scheduler, 3, 4);

  WaitingRoomTest() {
    scheduler.setRemoveOnCancelPolicy(true);
  }

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  @Test
  void hasAFewSeatsForEachSource() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(room.enter(address(1))).isTrue();
    }
    assertThat(room.enter(address(1))).isFalse();
    assertThat(room.enter(address(2))).isTrue();
    room.leave(address(1));
    assertThat(room.enter(address(1))).isTrue();
  }

  @Test
  void hasSeatsForSoManySources() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(room.enter(address(i))).isTrue();
    }
    assertThat(room.enter(address(5))).isFalse();
    assertThat(room.enter(address(3))).isTrue();
    room.leave(address(0));
    assertThat(room.enter(address(5))).isTrue();
  }

  @Test
  void endsAWaitAtItsDeadline() throws Exception {
    CompletableFuture<RefusalReason> wait = await(new CompletableFuture<>(), 20);
    assertThat(wait.get(60, TimeUnit.SECONDS)).isEqualTo(RefusalReason.UNAVAILABLE);
    assertThat(room.isEmpty()).isTrue();
  }

  @Test
  void endsAWaitWhoseDeadlineHasPassed() throws Exception {
    assertThat(await(new CompletableFuture<>(), -20).get(60, TimeUnit.SECONDS))
        .isEqualTo(RefusalReason.UNAVAILABLE);
  }

  @Test
  void forgetsAWaitAndItsTimerWithTheAnswer() {
    var answer = new CompletableFuture<RefusalReason>();
    CompletableFuture<RefusalReason> wait = await(answer, 3_600_000);
    assertThat(room.isEmpty()).isFalse();
    answer.complete(RefusalReason.OVERLOADED);
    assertThat(wait).isCompletedWithValue(RefusalReason.OVERLOADED);
    assertThat(room.isEmpty()).isTrue();
    assertThat(scheduler.getQueue()).isEmpty();
  }

  @Test
  void endsAllWaitsWhenItCloses() {
    List<CompletableFuture<RefusalReason>> waits =
        IntStream.range(0, 9).mapToObj(i -> await(new CompletableFuture<>(), 3_600_000)).toList();
    room.close();
    assertThat(waits).allSatisfy(w -> assertThat(w).isCompletedWithValue(RefusalReason.CLOSED));
    assertThat(await(new CompletableFuture<>(), 3_600_000))
        .isCompletedWithValue(RefusalReason.CLOSED);
    assertThat(room.isEmpty()).isTrue();
  }

  @Test
  void endsAWaitAtOnceThatNobodyCouldEndLater() {
    scheduler.shutdownNow();
    assertThat(await(new CompletableFuture<>(), 3_600_000))
        .isCompletedWithValue(RefusalReason.CLOSED);
    assertThat(room.isEmpty()).isTrue();
  }

  @Test
  void keepsNoSeatOfARequestWhosePatienceEndsWhileTheSchedulerStops() throws Exception {
    scheduler.shutdownNow();
    var patience =
        new Patience(room, new Complaints(new SetClock()), address(1), System.nanoTime() + 1);
    String answer =
        patience
            .<String>await("nobody", CompletableFuture::new)
            .toCompletableFuture()
            .join()
            .fold(value -> value, (reason, detail) -> reason.name());
    assertThat(answer).isEqualTo("CLOSED");
    assertThat(room.isEmpty()).isTrue();
  }

  @Test
  void isEmptyAfterACrowdHasComeAndGoneAndItClosedMeanwhile() throws Exception {
    long seed = System.nanoTime();
    System.out.println("WaitingRoomTest seed " + seed);
    var crowded = new WaitingRoom(scheduler, 8, 16);
    var inside = new AtomicInteger[20];
    IntStream.range(0, inside.length).forEach(i -> inside[i] = new AtomicInteger());
    Queue<CompletableFuture<?>> all = new ConcurrentLinkedQueue<>();
    Crowd.run(
        8,
        thread -> {
          var random = new Random(seed + thread);
          for (int i = 0; i < 5_000; i++) {
            int source = random.nextInt(inside.length);
            if (i == 4_000 && thread == 0) {
              crowded.close();
            }
            if (!crowded.enter(address(source))) {
              continue;
            }
            assertThat(inside[source].incrementAndGet()).isBetween(1, 8);
            var answer = new CompletableFuture<RefusalReason>();
            all.add(
                crowded
                    .await(answer, System.nanoTime() + random.nextInt(500_000), reason -> reason)
                    .whenComplete(
                        (value, error) -> {
                          inside[source].decrementAndGet();
                          crowded.leave(address(source));
                        }));
            if (random.nextBoolean()) {
              answer.complete(RefusalReason.OVERLOADED);
            }
          }
        });
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(60, TimeUnit.SECONDS);
    assertThat(crowded.isEmpty()).as("seed %d", seed).isTrue();
    assertThat(scheduler.getQueue()).isEmpty();
  }

  private CompletableFuture<RefusalReason> await(
      CompletableFuture<RefusalReason> answer, long millis) {
    return room.await(
        answer, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), reason -> reason);
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 1, 0, (byte) last});
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
