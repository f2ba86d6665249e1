// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.kerberos.TestRealms;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ForgedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
  @ExtendWith(TestRealms.Shared.class)
  void aKeytabThatChangesIsReadAgainAndABadOneIsNot(TestRealms realms) throws Exception {
    Path keytab = realms.keytab(directory, "HTTP/reload.shop");
    String name = "HTTP/reload.shop@" + TestRealms.SHOP;
    var keys =
        AcceptorKeys.open(
            new KeytabFile(keytab, PrincipalName.parse(name)),
            AcceptorSettings.USUAL.acceptors(OrdersService.REALMS, Clock.systemUTC()),
            Clock.systemUTC());
    var first = keys.current().orElseThrow();
    realms.shop().rotateKeys("HTTP/reload.shop");
    realms.shop().keytab(keytab, "HTTP/reload.shop");
    keys.refresh();
    var reading = keys.current().orElseThrow();
    assertThat(reading).isNotSameAs(first);
    Files.write(keytab, new byte[] {5, 2, 0});
    keys.refresh();
    assertThat(keys.current()).containsSame(reading);
    assertThat(keys.health().status()).isEqualTo(Health.Status.DEGRADED);
    Files.delete(keytab);
    realms.shop().keytab(keytab, "HTTP/reload.shop");
    keys.refresh();
    assertThat(keys.health().status()).isEqualTo(Health.Status.UP);
    assertThat(keys.current().orElseThrow()).isNotSameAs(reading);
  }

  /** As the kubelet replaces the files of a volume: a link to a directory takes another's place. */
  @Test
  void aLinkThatIsSwappedToAnotherDirectoryIsNoticed() throws IOException {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path first = Files.createDirectory(mount.resolve("..2026_01"));
    Path second = Files.createDirectory(mount.resolve("..2026_02"));
    Files.copy(directory.resolve("orders.keytab"), first.resolve("keytab"));
    KeytabEntry newer = orders.add(OrdersService.NAME, 4, 18, 44);
    orders.write();
    Files.copy(directory.resolve("orders.keytab"), second.resolve("keytab"));
    // The size and the time of the files may be the same.
    Path data = Files.createSymbolicLink(mount.resolve("..data"), first.getFileName());
    Path keytab = Files.createSymbolicLink(mount.resolve("keytab"), Path.of("..data", "keytab"));
    AcceptorKeys keys =
        AcceptorKeys.open(
            new KeytabFile(keytab, OrdersService.NAME),
            AcceptorSettings.USUAL.acceptors(OrdersService.REALMS, orders.clock()),
            orders.clock());
    assertThat(kvnos(keys)).doesNotContain(newer.kvno());
    Path next = Files.createSymbolicLink(mount.resolve("..data_tmp"), second.getFileName());
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
    keys.refresh();
    assertThat(kvnos(keys)).contains(newer.kvno());
  }

  @ParameterizedTest
  @EnumSource(Spoiled.class)
  void aFileThatTurnsBadLeavesTheLastGoodKeysInUseAndIsToldByHealth(Spoiled how)
      throws IOException {
    Path keytab = directory.resolve("orders.keytab");
    byte[] good = Files.readAllBytes(keytab);
    how.spoil(keytab, good);
    orders.keys().refresh();
    orders.accepts(orders.token());
    assertThat(orders.keys().health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(orders.keys().health().detail()).contains(how.said, "stay in use");
    Files.write(keytab, good);
    orders.add(OrdersService.NAME, 4, 18, 44);
    orders.write();
    orders.keys().refresh();
    assertThat(orders.keys().health().status()).isEqualTo(Health.Status.UP);
    assertThat(kvnos(orders.keys())).contains(4L);
  }

  /** Not all bytes are there at first, and what is there is part of an entry. */
  @Test
  void aKeyThatIsAddedInPlaceIsUsedOnceItIsWholeAndTheOthersMeanwhile() throws IOException {
    Path keytab = directory.resolve("orders.keytab");
    byte[] before = Files.readAllBytes(keytab);
    KeytabEntry newer = orders.add(OrdersService.NAME, 4, 18, 44);
    orders.write();
    byte[] whole = Files.readAllBytes(keytab);
    for (int length = before.length; length <= whole.length; length++) {
      Files.write(keytab, Arrays.copyOf(whole, length));
      orders.keys().upkeep();
      orders.accepts(orders.token());
    }
    assertThat(orders.keys().health().status()).isEqualTo(Health.Status.UP);
    orders.accepts(token(newer));
  }

  /** As MIT's ktadd does: the length of the entry, without which the file ends, comes last. */
  @Test
  void aKeyThatIsAddedInPlaceIsSeenAlsoIfTheTimeOfTheFileDoesNotTell() throws IOException {
    Path keytab = directory.resolve("orders.keytab");
    byte[] before = Files.readAllBytes(keytab);
    KeytabEntry newer = orders.add(OrdersService.NAME, 4, 18, 44);
    orders.write();
    byte[] whole = Files.readAllBytes(keytab);
    byte[] pending = whole.clone();
    Arrays.fill(pending, before.length, before.length + 4, (byte) 0);
    Files.write(keytab, pending);
    FileTime time = Files.getLastModifiedTime(keytab);
    orders.keys().refresh();
    assertThat(kvnos(orders.keys())).doesNotContain(newer.kvno());
    Files.write(keytab, whole);
    Files.setLastModifiedTime(keytab, time);
    orders.keys().upkeep();
    orders.accepts(token(newer));
  }

  @Test
  void aKeytabThatStaysAsItIsIsReadAgainOnceAndIsNoNewOne() throws IOException {
    var first = orders.keys().current().orElseThrow();
    orders.keys().upkeep();
    var settled = orders.keys().current().orElseThrow();
    assertThat(settled.generation()).isEqualTo(first.generation());
    assertThat(settled.acceptor()).isSameAs(first.acceptor());
    orders.keys().upkeep();
    assertThat(orders.keys().current()).containsSame(settled);
  }

  private enum Spoiled {
    EMPTY("is empty") {
      @Override
      void spoil(Path file, byte[] good) throws IOException {
        Files.write(file, new byte[0]);
      }
    },
    TRUNCATED("is truncated") {
      @Override
      void spoil(Path file, byte[] good) throws IOException {
        Files.write(file, Arrays.copyOf(good, good.length - 1));
      }
    },
    MISSING("does not exist") {
      @Override
      void spoil(Path file, byte[] good) throws IOException {
        Files.delete(file);
      }
    },
    OF_SOMEBODY_ELSE("has no key for HTTP/orders.shop@SHOP.EXAMPLE") {
      @Override
      void spoil(Path file, byte[] good) throws IOException {
        Files.write(file, TestRealms.keytabOf("stock", "SHOP.EXAMPLE"));
      }
    };

    private final String said;

    Spoiled(String said) {
      this.said = said;
    }

    abstract void spoil(Path file, byte[] good) throws IOException;
  }

  private static List<Long> kvnos(AcceptorKeys keys) {
    return keys.current().orElseThrow().keys().all().stream()
        .map(key -> key.entry().kvno())
        .toList();
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
              var usual = AcceptorSettings.USUAL.acceptors(OrdersService.REALMS, clock);
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
      hanging.clock().advance(Duration.ofMillis(2001));
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
