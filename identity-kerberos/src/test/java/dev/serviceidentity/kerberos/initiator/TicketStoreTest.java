// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import dev.serviceidentity.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TicketStoreTest {
  private static final Duration LIFE = Duration.ofHours(10);
  private static final PrincipalName STOCK = service("stock");

  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicReference<NativeLogin> login = new AtomicReference<>(newLogin());
  private final AtomicInteger asked = new AtomicInteger();

  /** How often it was decided when to ask again: once for each exchange that has ended. */
  private final AtomicInteger decided = new AtomicInteger();

  /** Each exchange passes it: by itself, or once the test lets it. */
  private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));

  private final AtomicReference<Code> refusal = new AtomicReference<>();
  private final Exchanges exchanges = new Exchanges("store-test", Duration.ofSeconds(60));
  private final TicketStore store = store(exchanges);

  @AfterEach
  void close() {
    gate.get().countDown();
    store.forget();
  }

  @Test
  void aTicketThatIsKeptIsGivenWhileTheKdcIsFrozenAndNobodyIsAsked() {
    OutgoingTicket first = store.ticketFor(STOCK);
    freeze();
    clock.advance(Duration.ofHours(9));
    assertThat(store.ticketFor(STOCK)).isSameAs(first);
    store.refresh();
    assertThat(store.ticketFor(STOCK)).isSameAs(first);
    assertThat(asked).hasValueLessThanOrEqualTo(2);
  }

  @Test
  void sixtyFourCallersAreOneExchange() throws Exception {
    freeze();
    var start = new CyclicBarrier(65);
    ExecutorService callers = Executors.newFixedThreadPool(64);
    var tickets = new ArrayList<Future<OutgoingTicket>>();
    for (int i = 0; i < 64; i++) {
      tickets.add(
          callers.submit(
              () -> {
                start.await();
                return store.ticketFor(STOCK);
              }));
    }
    start.await();
    gate.get().countDown();
    Set<OutgoingTicket> seen = ConcurrentHashMap.newKeySet();
    for (Future<OutgoingTicket> ticket : tickets) {
      seen.add(ticket.get());
    }
    callers.shutdown();
    assertThat(seen).hasSize(1);
    assertThat(asked).hasValue(1);
  }

  @Test
  void whoStopsWaitingStopsNobodyElse() throws Exception {
    freeze();
    ExecutorService callers = Executors.newFixedThreadPool(2);
    var interrupted = new AtomicReference<Code>();
    var waits = new CountDownLatch(1);
    Future<?> first =
        callers.submit(
            () -> {
              Thread.currentThread().interrupt();
              waits.countDown();
              try {
                store.ticketFor(STOCK);
              } catch (IdentityException stopped) {
                interrupted.set(stopped.code());
              }
            });
    waits.await();
    first.get();
    Future<OutgoingTicket> other = callers.submit(() -> store.ticketFor(STOCK));
    gate.get().countDown();
    assertThat(other.get()).isNotNull();
    callers.shutdown();
    assertThat(interrupted).hasValue(Code.NOT_READY);
    assertThat(asked).hasValue(1);
  }

  @Test
  void waitingIsBounded() {
    freeze();
    var hasty = new Exchanges("store-test-hasty", Duration.ofMillis(20));
    TicketStore impatient = store(hasty);
    fails(impatient, Code.NOT_READY, "gave no ticket of web@SHOP.EXAMPLE for HTTP/stock");
    impatient.forget();
  }

  @Test
  void aServiceThatTheKdcDoesNotKnowIsNotAskedForAThousandTimes() {
    refusal.set(Code.REFUSED);
    for (int i = 0; i < 1000; i++) {
      fails(store, Code.REFUSED, "no");
    }
    assertThat(asked).hasValue(1);
    refusal.set(null);
    clock.advance(Duration.ofSeconds(1));
    assertThat(store.ticketFor(STOCK)).isNotNull();
  }

  @Test
  void aNewLoginForgetsWhatHasFailedWithTheOldOne() {
    refusal.set(Code.REFUSED);
    fails(store, Code.REFUSED, "no");
    refusal.set(null);
    login.set(newLogin());
    assertThat(store.ticketFor(STOCK)).isNotNull();
  }

  @Test
  void whatHasFailedIsPutOffForSecondsAtMost() {
    refusal.set(Code.AUTHORITY_UNREACHABLE);
    for (int second = 0; second < 60; second++) {
      fails(store, Code.AUTHORITY_UNREACHABLE, "no");
      clock.advance(Duration.ofSeconds(1));
      store.refresh();
    }
    assertThat(asked).hasValueBetween(15, 35);
  }

  @Test
  void aTicketInUseIsReplacedAtFourFifthsOfItsLife() {
    OutgoingTicket first = store.ticketFor(STOCK);
    use();
    clock.advance(Duration.ofHours(8).minusSeconds(1));
    login.set(newLogin());
    store.refresh();
    assertThat(asked).hasValue(1);
    clock.advance(Duration.ofSeconds(1));
    awaitExchange(store::refresh);
    assertThat(store.ticketFor(STOCK)).isNotSameAs(first);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aTicketThatNobodyUsesIsLeftToExpireAndDropped() {
    store.ticketFor(STOCK);
    clock.advance(Duration.ofHours(9));
    login.set(newLogin());
    store.refresh();
    clock.advance(Duration.ofHours(2));
    store.refresh();
    assertThat(asked).hasValue(1);
    assertThat(store.size()).isZero();
  }

  @Test
  void aTicketIsNotReplacedByOneThatEndsWithTheSameLogin() {
    store.ticketFor(STOCK);
    use();
    clock.advance(Duration.ofHours(9));
    store.refresh();
    assertThat(asked).hasValue(1);
  }

  @Test
  void aTicketOutlivesItsLoginAndServesUntilItExpires() {
    OutgoingTicket first = store.ticketFor(STOCK);
    login.set(null);
    clock.advance(LIFE.minusSeconds(1));
    store.refresh();
    assertThat(store.ticketFor(STOCK)).isSameAs(first);
    clock.advance(Duration.ofSeconds(1));
    fails(store, Code.EXPIRED, "has expired");
  }

  @Test
  void whatCannotBeReplacedServesOnAndIsTriedForEver() {
    OutgoingTicket first = store.ticketFor(STOCK);
    use();
    refusal.set(Code.AUTHORITY_UNREACHABLE);
    clock.advance(Duration.ofHours(8));
    login.set(newLogin());
    for (int minute = 0; minute < 40; minute++) {
      int before = asked.get();
      int ended = decided.get();
      spinWhile(
          () -> {
            store.refresh();
            return asked.get() == before;
          });
      spinWhile(() -> decided.get() == ended);
      assertThat(store.ticketFor(STOCK)).isSameAs(first);
      clock.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void whatWasUsedLongestAgoMakesRoom() {
    for (int i = 0; i < TicketStore.MOST; i++) {
      store.ticketFor(service("s" + i));
      clock.advance(Duration.ofMillis(1));
    }
    store.ticketFor(service("s0"));
    store.ticketFor(service("one-more"));
    assertThat(store.size()).isEqualTo(TicketStore.MOST);
    int before = asked.get();
    store.ticketFor(service("s0"));
    assertThat(asked).hasValue(before);
    store.ticketFor(service("s1"));
    assertThat(asked).hasValue(before + 1);
  }

  @Test
  void servicesThatDoNotExistMakeRoomBeforeTicketsDo() {
    store.ticketFor(STOCK);
    refusal.set(Code.REFUSED);
    for (int i = 0; i < 2 * TicketStore.MOST; i++) {
      clock.advance(Duration.ofMillis(1));
      PrincipalName absent = service("absent-" + i);
      assertThatThrownBy(() -> store.ticketFor(absent)).isInstanceOf(IdentityException.class);
    }
    int before = asked.get();
    store.ticketFor(STOCK);
    assertThat(asked).hasValue(before);
    assertThat(store.size()).isLessThanOrEqualTo(TicketStore.MOST);
  }

  @Test
  void namesThatWereNeverCalledTakeNoTicketAwayWhileTheKdcIsFrozen() {
    var hasty = new Exchanges("store-test-hasty", Duration.ofMillis(1));
    TicketStore flooded = store(hasty);
    OutgoingTicket held = patiently(flooded, STOCK);
    freeze();
    for (int i = 0; i < 1100; i++) {
      PrincipalName name = service("never-" + i);
      assertThatThrownBy(() -> flooded.ticketFor(name))
          .isInstanceOfSatisfying(
              IdentityException.class,
              thrown -> assertThat(thrown.code()).isEqualTo(Code.NOT_READY));
    }
    assertThat(flooded.ticketFor(STOCK)).isSameAs(held);
    assertThat(flooded.size()).isEqualTo(TicketStore.MOST_WITHOUT + 1);
    flooded.forget();
  }

  @Test
  void namesOfAnotherSlowRealmLeaveThreadsAndRoomForTheOwnOne() {
    var hasty = new Exchanges("store-test-hasty", Duration.ofMillis(1));
    var slow = new CountDownLatch(1);
    TicketStore flooded =
        store(
            hasty,
            (granting, wanted) -> {
              if (wanted.realm().equals("EVIL.EXAMPLE")) {
                passes(slow);
              }
              return ask(granting, wanted);
            });
    for (int i = 0; i < 400; i++) {
      var name = new PrincipalName(List.of("HTTP", "h" + i), "EVIL.EXAMPLE");
      assertThatThrownBy(() -> flooded.ticketFor(name)).isInstanceOf(IdentityException.class);
    }
    assertThat(flooded.size()).isEqualTo(TicketStore.MOST_FOREIGN_WITHOUT);
    assertThat(patiently(flooded, STOCK).ticket().service()).isEqualTo(STOCK);
    assertThat(flooded.size()).isEqualTo(TicketStore.MOST_FOREIGN_WITHOUT + 1);
    flooded.forget();
  }

  @Test
  void whatNobodyWaitsForAnyLongerIsNotAskedFor() {
    var hasty = new Exchanges("store-test-hasty", Duration.ofMillis(1));
    TicketStore left = store(hasty);
    freeze();
    for (int i = 0; i < 100; i++) {
      PrincipalName name = service("left-" + i);
      assertThatThrownBy(() -> left.ticketFor(name)).isInstanceOf(IdentityException.class);
    }
    gate.get().countDown();
    spinWhile(() -> left.size() > 4);
    assertThat(asked).hasValueLessThanOrEqualTo(4);
    left.forget();
  }

  @Test
  void aFaultWhileATicketLandsFailsThatExchangeAndNotThoseAfterIt() {
    var once = new AtomicInteger();
    var faulty =
        new TicketStore(
            this::login,
            new TicketSource(
                this::ask,
                () -> {
                  if (once.getAndIncrement() == 0) {
                    throw new ArithmeticException("once");
                  }
                  return Duration.ZERO;
                }),
            new RefreshSchedule(() -> 0.5),
            clock,
            exchanges);
    assertThatThrownBy(() -> faulty.ticketFor(STOCK)).hasRootCauseMessage("once");
    clock.advance(Duration.ofHours(1));
    assertThat(faulty.ticketFor(STOCK)).isNotNull();
  }

  @Test
  void closingEndsTheWaiting() throws Exception {
    freeze();
    ExecutorService caller = Executors.newSingleThreadExecutor();
    Future<Code> waiting =
        caller.submit(
            () -> {
              try {
                store.ticketFor(STOCK);
                return null;
              } catch (IdentityException closed) {
                return closed.code();
              }
            });
    awaitAsked(1);
    store.forget();
    assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo(Code.CLOSED);
    caller.shutdown();
  }

  @Test
  void aTicketThatComesAfterClosingIsNotKept() throws Exception {
    freeze();
    ExecutorService caller = Executors.newSingleThreadExecutor();
    Future<?> waiting =
        caller.submit(
            () ->
                assertThatThrownBy(() -> store.ticketFor(STOCK))
                    .isInstanceOf(IdentityException.class));
    awaitAsked(1);
    store.forget();
    gate.get().countDown();
    waiting.get();
    assertThat(store.size()).isZero();
    caller.shutdown();
  }

  @Test
  void racingCallersRefreshesRefusalsAndLoginsLeaveEveryTicketWithItsService() throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.println("TicketStoreTest: -Dseed=" + seed);
    var failures = new ConcurrentHashMap<String, Integer>();
    var end = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(64);
    for (int thread = 0; thread < 62; thread++) {
      var random = new SplittableRandom(seed + thread);
      pool.execute(
          () -> {
            while (end.getCount() > 0) {
              PrincipalName wanted = service("s" + random.nextInt(1200));
              try {
                Ticket ticket = store.ticketFor(wanted).ticket();
                if (!ticket.service().equals(wanted)) {
                  failures.merge("wrong ticket " + ticket + " for " + wanted, 1, Integer::sum);
                }
              } catch (IdentityException refused) {
                if (refused.code() != Code.REFUSED && refused.code() != Code.EXPIRED) {
                  failures.merge(refused.toString(), 1, Integer::sum);
                }
              }
            }
          });
    }
    for (int step = 0; step < 400; step++) {
      clock.advance(Duration.ofMinutes(9));
      login.set(newLogin());
      refusal.set(step % 7 == 0 ? Code.REFUSED : null);
      store.refresh();
    }
    end.countDown();
    pool.shutdown();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(failures).isEmpty();
    assertThat(store.size()).isLessThanOrEqualTo(TicketStore.MOST + TicketStore.MOST_WITHOUT + 64);
  }

  @Test
  void aThousandReplacementsLeaveNoMoreThreadsThanOne() {
    store.ticketFor(STOCK);
    for (int i = 0; i < 1000; i++) {
      clock.advance(Duration.ofHours(1));
      use();
      clock.advance(Duration.ofHours(8));
      login.set(newLogin());
      awaitExchange(store::refresh);
    }
    assertThat(asked).hasValue(1001);
    assertThat(store.size()).isEqualTo(1);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().equals("store-test"))
        .hasSizeLessThanOrEqualTo(8);
  }

  private TicketStore store(Exchanges on) {
    return store(on, this::ask);
  }

  private TicketStore store(Exchanges on, BiFunction<Ticket, PrincipalName, Ticket> kdc) {
    return new TicketStore(
        this::login,
        new TicketSource(kdc, () -> Duration.ZERO),
        new RefreshSchedule(this::half),
        clock,
        on);
  }

  private double half() {
    decided.incrementAndGet();
    return 0.5;
  }

  private NativeLogin login() {
    NativeLogin now = login.get();
    if (now == null) {
      throw new IdentityException(Code.EXPIRED, "the login has expired");
    }
    return now;
  }

  private NativeLogin newLogin() {
    return PlainTicket.login(clock.instant(), clock.instant().plus(LIFE));
  }

  private Ticket ask(Ticket granting, PrincipalName wanted) {
    asked.incrementAndGet();
    passes(gate.get());
    Code no = refusal.get();
    if (no != null) {
      throw new IdentityException(no, "no");
    }
    Instant end = clock.instant().plus(LIFE);
    Instant last = granting.life().endsAt();
    return PlainTicket.of(wanted, clock.instant(), end.isBefore(last) ? end : last);
  }

  private static void passes(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException stopped) {
      throw new IdentityException(Code.AUTHORITY_UNREACHABLE, "was interrupted", stopped);
    }
  }

  /** Asks again for as long as the store's own patience is too short. */
  private static OutgoingTicket patiently(TicketStore store, PrincipalName service) {
    while (true) {
      try {
        return store.ticketFor(service);
      } catch (IdentityException late) {
        assertThat(late.code()).isEqualTo(Code.NOT_READY);
        assertThat(Thread.currentThread().isInterrupted()).as("has waited too long").isFalse();
      }
    }
  }

  private void freeze() {
    gate.set(new CountDownLatch(1));
  }

  private void use() {
    clock.advance(Duration.ofMillis(1));
    store.ticketFor(STOCK);
  }

  private void awaitExchange(Runnable work) {
    int before = asked.get();
    OutgoingTicket old = store.ticketFor(STOCK);
    work.run();
    awaitAsked(before + 1);
    spinWhile(() -> store.ticketFor(STOCK) == old);
  }

  private void awaitAsked(int times) {
    spinWhile(() -> asked.get() < times);
  }

  private static void spinWhile(BooleanSupplier condition) {
    while (condition.getAsBoolean()) {
      assertThat(Thread.currentThread().isInterrupted()).as("has waited too long").isFalse();
      Thread.onSpinWait();
    }
  }

  private static void fails(TicketStore store, Code code, String words) {
    assertThatThrownBy(() -> store.ticketFor(STOCK))
        .isInstanceOfSatisfying(
            IdentityException.class, thrown -> assertThat(thrown.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private static PrincipalName service(String host) {
    return new PrincipalName(List.of("HTTP", host), "SHOP.EXAMPLE");
  }
}
