// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys change while callers come. */
class KeytabRotationTest {
  private static final int CALLERS = 3;

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  @Test
  void aNewerTicketMakesTheKeytabBeReadAtOnce() {
    KeytabEntry newer = orders.add(OrdersService.NAME, 4, 18, 44);
    orders.refuses(token(newer), KerberosRejection.KEYTAB_STALE);
    orders.write();
    orders.clock().advance(Duration.ofMillis(60));
    orders.accepts(token(newer));
    orders.accepts(orders.token());
  }

  @Test
  void aFloodOfTokensDelaysALookByASecondAtMost() {
    for (int i = 0; i < 300; i++) {
      orders.refuses(orders.token().kvno(9), KerberosRejection.KEYTAB_STALE);
      orders.clock().advance(Duration.ofMillis(10));
    }
    KeytabEntry newer = orders.add(OrdersService.NAME, 4, 18, 44);
    orders.write();
    orders.refuses(token(newer), KerberosRejection.KEYTAB_STALE);
    orders.clock().advance(Duration.ofSeconds(1));
    orders.accepts(token(newer));
  }

  @Test
  void whileOneRequestHangsAtTheFileTheOthersAreAnswered() throws Exception {
    var hangs = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var readings = new AtomicInteger();
    var hanging =
        new OrdersService(
            directory,
            clock -> {
              var usual = AcceptorSettings.USUAL.acceptors(clock);
              return keys -> {
                if (readings.getAndIncrement() > 0) {
                  hangs.countDown();
                  await(release);
                }
                return usual.apply(keys);
              };
            },
            Set.of());
    hanging.add(OrdersService.NAME, 4, 18, 44);
    hanging.write();
    byte[] stale = hanging.token().kvno(9).bytes();
    try {
      var first = CompletableFuture.supplyAsync(() -> hanging.verify(stale));
      await(hangs);
      hanging.clock().advance(Duration.ofMillis(501));
      hanging.refuses(stale, KerberosRejection.KEYTAB_STALE);
      assertThat(first).isNotDone();
      release.countDown();
      assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(Verification.Rejected.class);
    } finally {
      release.countDown();
    }
  }

  @Test
  void noCallFailsWhileKeysAreReplacedUnderLoad() throws Exception {
    var newest = new AtomicReference<>(orders.key(18));
    var calls = new Semaphore(0);
    var stop = new AtomicBoolean();
    ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
    try {
      List<Future<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        String name = "client-" + caller;
        callers.add(
            pool.submit(
                () -> {
                  while (!stop.get()) {
                    orders.accepts(
                        new ForgedToken(newest.get(), orders.clock().instant()).client(name));
                    calls.release();
                  }
                  return null;
                }));
      }
      for (int kvno = 4; kvno < 24; kvno++) {
        KeytabEntry added = orders.add(OrdersService.NAME, kvno, 18, kvno);
        orders.write();
        orders.clock().advance(Duration.ofMillis(60));
        newest.set(added);
        awaitCalls(calls, callers);
      }
      stop.set(true);
      for (Future<Void> caller : callers) {
        caller.get(30, TimeUnit.SECONDS);
      }
    } finally {
      stop.set(true);
      pool.shutdownNow();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A caller that has failed throws here, and is not waited for. */
  private static void awaitCalls(Semaphore calls, List<Future<Void>> callers) throws Exception {
    calls.drainPermits();
    while (!calls.tryAcquire(20, 1, TimeUnit.SECONDS)) {
      for (Future<Void> caller : callers) {
        if (caller.isDone()) {
          caller.get();
        }
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private ForgedToken token(KeytabEntry key) {
    return new ForgedToken(key, orders.clock().instant());
  }
}
