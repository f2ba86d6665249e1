// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
import dev.serviceidentity.testkit.TestClock;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowedReplayStoreTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final TestClock clock = TestClock.at(NOON);
  private final ReplayStore store = ReplayStore.inMemory(clock, SKEW, 1600);

  @Test
  void theFirstIsTheFirstAndAllCopiesAreReplayed() {
    assertThat(remember("alice", 1, 0)).isEqualTo(Answer.FIRST);
    assertThat(remember("alice", 1, 0)).isEqualTo(Answer.REPLAYED);
    assertThat(remember("alice", 2, 0)).isEqualTo(Answer.FIRST);
  }

  @Test
  void aMacOfZerosIsOneLikeAnyOther() {
    assertThat(remember("alice", 0, 0)).isEqualTo(Answer.FIRST);
    assertThat(remember("alice", 0, 0)).isEqualTo(Answer.REPLAYED);
  }

  @Test
  void theSameMacForAnotherServiceIsAnother() {
    assertThat(store.remember(seen("HTTP/a@R", "alice", tag(1), 0))).isEqualTo(Answer.FIRST);
    assertThat(store.remember(seen("HTTP/b@R", "alice", tag(1), 0))).isEqualTo(Answer.FIRST);
    assertThat(store.remember(seen("HTTP/a@R", "alice", tag(1), 0))).isEqualTo(Answer.REPLAYED);
  }

  @Test
  void allOfAShortMacAndSixteenBytesOfALongOneCount() {
    for (int length : new int[] {12, 16, 24}) {
      for (int i = 0; i < Math.min(length, 16); i++) {
        byte[] tag = new byte[length];
        tag[i] = (byte) length;
        assertThat(store.remember(seen("HTTP/a@R", "alice", tag, 0))).isEqualTo(Answer.FIRST);
        assertThat(store.remember(seen("HTTP/a@R", "alice", tag, 0))).isEqualTo(Answer.REPLAYED);
      }
    }
  }

  @Test
  void whatIsOutsideOfTheWindowIsNotKnown() {
    assertThat(remember("alice", 1, -460)).isEqualTo(Answer.UNAVAILABLE);
    assertThat(remember("alice", 1, 460)).isEqualTo(Answer.UNAVAILABLE);
  }

  @Test
  void nothingIsForgottenWithinTheWindow() {
    for (int second = -300; second <= 300; second += 10) {
      assertThat(remember("client" + second, second, second)).isEqualTo(Answer.FIRST);
    }
    for (int step = 0; step < 60; step++) {
      clock.advance(Duration.ofSeconds(10));
      for (int sent = -300 + (step + 1) * 10; sent <= 300; sent += 10) {
        assertThat(at("client" + sent, sent, NOON.plusSeconds(sent))).isEqualTo(Answer.REPLAYED);
      }
    }
  }

  @Test
  void oneClientHoldsASixteenthInAllSlicesTogether() {
    for (int i = 0; i < 100; i++) {
      assertThat(remember("alice", i, i * 5 - 250)).isEqualTo(Answer.FIRST);
    }
    assertThat(remember("alice", 100, -250)).isEqualTo(Answer.OVER_QUOTA);
    assertThat(remember("alice", 100, 0)).isEqualTo(Answer.OVER_QUOTA);
    assertThat(remember("alice", 1, -245)).isEqualTo(Answer.REPLAYED);
    assertThat(remember("bob", 100, 0)).isEqualTo(Answer.FIRST);
  }

  @Test
  void whenItIsFullItRefusesAndForgetsNothing() {
    for (int i = 0; i < 1600; i++) {
      assertThat(remember("client" + i % 20, i, 0)).isEqualTo(Answer.FIRST);
    }
    assertThat(remember("client20", 5000, 0)).isEqualTo(Answer.UNAVAILABLE);
    assertThat(remember("client5", 5, 0)).isEqualTo(Answer.REPLAYED);
  }

  @Test
  void whatHasLeftTheWindowMakesRoom() {
    for (int i = 0; i < 100; i++) {
      remember("alice", i, 0);
    }
    assertThat(remember("alice", 100, 0)).isEqualTo(Answer.OVER_QUOTA);
    clock.advance(Duration.ofMinutes(8));
    assertThat(at("alice", 100, clock.instant())).isEqualTo(Answer.FIRST);
  }

  @Test
  void ofRacingCopiesOneIsTheFirstAndNoQuotaIsPassed() {
    for (int round = 0; round < 20; round++) {
      ReplayStore racing = ReplayStore.inMemory(clock, SKEW, 1600);
      var first = new AtomicInteger();
      IntStream.range(0, 4000)
          .parallel()
          .forEach(
              i -> {
                var one = seen("HTTP/a@R", "alice", tag(i / 4), 0);
                first.addAndGet(racing.remember(one) == Answer.FIRST ? 1 : 0);
              });
      assertThat(first.get()).isEqualTo(100);
    }
  }

  @Test
  void itKnowsSinceWhenItRemembers() {
    assertThat(store.since()).isEqualTo(NOON);
  }

  /** The clock's battery is empty, and the time comes from the network a minute later. */
  @Test
  void thatTheClockWasBehindWhenItBeganIsNoticedWhenItIsPutRight() {
    var uptime = new AtomicReference<>(Duration.ZERO);
    var late = new WindowedReplayStore(clock, new Beginning(clock, uptime::get, SKEW), SKEW, 16);
    pass(uptime, Duration.ofMinutes(1));
    assertThat(late.since()).isEqualTo(NOON);
    clock.advance(Duration.ofHours(1));
    assertThat(late.since()).isEqualTo(NOON.plus(Duration.ofHours(1)));
    pass(uptime, Duration.ofSeconds(10));
    assertThat(late.since()).isEqualTo(NOON.plus(Duration.ofHours(1)));
  }

  @Test
  void aClockThatIsPutBackDoesNotMoveTheBeginning() {
    var uptime = new AtomicReference<>(Duration.ZERO);
    var late = new WindowedReplayStore(clock, new Beginning(clock, uptime::get, SKEW), SKEW, 16);
    pass(uptime, Duration.ofMinutes(1));
    clock.set(NOON.minusSeconds(3600));
    assertThat(late.since()).isEqualTo(NOON);
  }

  @Test
  void theSystemsClockIsHeldAgainstTheTimeThatThisJvmHasRun() {
    Clock system = Clock.systemUTC();
    Instant before = system.instant();
    Instant since = ReplayStore.inMemory(system, SKEW, 16).since();
    assertThat(since).isBetween(before, system.instant());
  }

  @Test
  void whatIsForgottenStaysForgottenWhenTheClockIsPutBack() {
    assertThat(remember("alice", 1, 0)).isEqualTo(Answer.FIRST);
    clock.advance(Duration.ofMinutes(50));
    assertThat(at("alice", 2, clock.instant())).isEqualTo(Answer.FIRST);
    clock.set(NOON.plusSeconds(20));
    assertThat(remember("alice", 1, 0)).isEqualTo(Answer.UNAVAILABLE);
    assertThat(remember("alice", 3, 20)).isEqualTo(Answer.UNAVAILABLE);
    assertThat(store.since()).isEqualTo(NOON.plus(Duration.ofMinutes(45)));
  }

  @Test
  void aClockThatGoesBackALittleRefusesNobodyAndForgetsNothing() {
    assertThat(remember("alice", 1, 0)).isEqualTo(Answer.FIRST);
    clock.set(NOON.minusSeconds(90));
    assertThat(remember("alice", 1, 0)).isEqualTo(Answer.REPLAYED);
    assertThat(remember("alice", 2, -90)).isEqualTo(Answer.FIRST);
  }

  @Test
  void theClientsOfOtherRealmsTogetherHoldAHalf() {
    for (int i = 0; i < 800; i++) {
      assertThat(remember("client" + i % 8 + "@OTHER", i, i % 300)).isEqualTo(Answer.FIRST);
    }
    assertThat(remember("new@OTHER", 5000, 0)).isEqualTo(Answer.OVER_QUOTA);
    for (int i = 0; i < 800; i++) {
      assertThat(remember("client" + i % 8, 10_000 + i, 0)).isEqualTo(Answer.FIRST);
    }
    assertThat(remember("new", 5000, 0)).isEqualTo(Answer.UNAVAILABLE);
    clock.advance(Duration.ofMinutes(11));
    assertThat(at("new@OTHER", 5000, clock.instant())).isEqualTo(Answer.FIRST);
  }

  @Test
  void whoIsRefusedLeavesNothing() {
    var full = new WindowedReplayStore(clock, Beginning.now(clock, SKEW), SKEW, 16);
    for (int i = 0; i < 16; i++) {
      full.remember(seen("HTTP/a@R", "client" + i, tag(i), 0));
    }
    assertThat(full.clients()).isEqualTo(16);
    for (int i = 0; i < 100_000; i++) {
      Answer answer = full.remember(seen("HTTP/a@R", "refused" + i, tag(100 + i), 0));
      assertThat(answer).isEqualTo(Answer.UNAVAILABLE);
    }
    assertThat(full.clients()).isEqualTo(16);
  }

  @Test
  void aStoreWithoutRoomOrSkewIsABug() {
    assertThatThrownBy(() -> ReplayStore.inMemory(Clock.systemUTC(), SKEW, 15))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ReplayStore.inMemory(Clock.systemUTC(), Duration.ZERO, 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSetOfPairsIsASet() {
    long seed = System.nanoTime();
    System.out.println("seed of pairs: " + seed);
    var random = new Random(seed);
    var hash = new PairHash(new SplittableRandom(seed));
    var set = new PairSet();
    var expected = new HashSet<String>();
    for (int i = 0; i < 20_000; i++) {
      long high = random.nextInt(100);
      long low = 1L + random.nextInt(100);
      if (set.isCrowded()) {
        set.grow(hash);
      }
      assertThat(set.contains(high, low, hash.of(high, low)))
          .isEqualTo(expected.contains(high + " " + low));
      assertThat(set.add(high, low, hash.of(high, low))).isEqualTo(expected.add(high + " " + low));
    }
  }

  private Answer remember(String client, long tag, int secondsFromNoon) {
    return at(client, tag, NOON.plusSeconds(secondsFromNoon));
  }

  private Answer at(String client, long tag, Instant sent) {
    return store.remember(seen("HTTP/a@R", client, tag(tag), sent));
  }

  private static SeenAuthenticator seen(String service, String client, byte[] tag, int seconds) {
    return seen(service, client, tag, NOON.plusSeconds(seconds));
  }

  private static SeenAuthenticator seen(String service, String client, byte[] tag, Instant sent) {
    boolean ofOtherRealm = client.endsWith("@OTHER");
    return new SeenAuthenticator(
        service, client, ofOtherRealm, tag, sent.getEpochSecond() * 1_000_000);
  }

  private void pass(AtomicReference<Duration> uptime, Duration time) {
    uptime.updateAndGet(time::plus);
    clock.advance(time);
  }

  private static byte[] tag(long number) {
    return ByteBuffer.allocate(12).putLong(number).array();
  }
}
