// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys change while callers come. */
class KeytabRotationTest {
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
  void tokensCannotMakeTheFileBeLookedAtMoreOftenThanTwentyTimesASecond() {
    KeytabEntry newer = orders.add(OrdersService.NAME, 4, 18, 44);
    orders.refuses(orders.token().kvno(9), KerberosRejection.KEYTAB_STALE);
    orders.write();
    orders.refuses(token(newer), KerberosRejection.KEYTAB_STALE);
    orders.clock().advance(Duration.ofMillis(50));
    orders.accepts(token(newer));
  }

  @Test
  void noCallFailsWhileKeysAreReplacedUnderLoad() throws Exception {
    var newest = new AtomicReference<>(orders.key(18));
    var calls = new AtomicInteger();
    var failure = new AtomicReference<Verification>();
    int callers = 3;
    ExecutorService pool = Executors.newFixedThreadPool(callers);
    for (int caller = 0; caller < callers; caller++) {
      String name = "client-" + caller;
      pool.execute(
          () -> {
            while (failure.get() == null && !Thread.currentThread().isInterrupted()) {
              var token = new ForgedToken(newest.get(), orders.clock().instant()).client(name);
              Verification seen = orders.verify(token.bytes());
              if (seen instanceof Verification.Rejected) {
                failure.compareAndSet(null, seen);
              }
              calls.incrementAndGet();
            }
          });
    }
    for (int kvno = 4; kvno < 24; kvno++) {
      KeytabEntry added = orders.add(OrdersService.NAME, kvno, 18, kvno);
      orders.write();
      orders.clock().advance(Duration.ofMillis(60));
      newest.set(added);
      int before = calls.get();
      while (calls.get() < before + 20 && failure.get() == null) {
        Thread.onSpinWait();
      }
    }
    pool.shutdownNow();
    assertThat(failure.get()).isNull();
  }

  private ForgedToken token(KeytabEntry key) {
    return new ForgedToken(key, orders.clock().instant());
  }
}
