// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.kerberos.TestRealms;
import dev.serviceidentity.kerberos.acceptor.AcceptorSettings;
import dev.serviceidentity.kerberos.acceptor.Callers;
import dev.serviceidentity.kerberos.acceptor.OrdersService;
import dev.serviceidentity.kerberos.acceptor.RealmRules;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One client cannot fill the threads of the service with tokens that are slow to judge. */
@ExtendWith(TestRealms.Shared.class)
class ClientQuotaTest {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final PrincipalId ALICE = PrincipalId.parse("kerberos:alice@SHOP.EXAMPLE");
  private static final PrincipalId BOB = PrincipalId.parse("kerberos:bob@SHOP.EXAMPLE");

  private final ClientQuota quota = new ClientQuota();
  private KeytabFile keytab;
  private CallerVerifier verifier;

  @BeforeEach
  void open(TestRealms realms, @TempDir Path directory) {
    String name = "HTTP/quota-" + COUNT.incrementAndGet() + ".shop";
    PrincipalName own = PrincipalName.parse(name + "@SHOP.EXAMPLE");
    keytab = new KeytabFile(realms.keytab(directory, name), own);
    Clock clock = Clock.systemUTC();
    verifier =
        Callers.Judged.open(
                own, keytab, keys -> JgssAcceptor.of(keys, realms(), quota, clock), clock)
            .verifier();
  }

  @Test
  void aClientWhoseQuotaIsInUseIsRefusedAtOnceAndNobodyElseIs() throws Exception {
    exhaust(ALICE);

    assertThat(verify("alice"))
        .isInstanceOfSatisfying(
            Verification.Rejected.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(KerberosRejection.OVER_QUOTA);
              assertThat(refused.detail()).contains("alice@SHOP.EXAMPLE");
            });
    assertThat(verify("bob").orElseThrow().principal()).isEqualTo(BOB);
  }

  @Test
  void aTokenThatWasJudgedGivesItsPlaceBack() throws Exception {
    exhaust(ALICE);
    quota.leave(ALICE);

    for (int i = 0; i < 3; i++) {
      assertThat(verify("alice")).isInstanceOf(Verification.Verified.class);
    }
  }

  @Test
  void aTokenThatWasRefusedGivesItsPlaceBack() throws Exception {
    exhaust(ALICE);
    quota.leave(ALICE);
    byte[] token = token("alice");
    verify(token);

    assertThat(verify(token)).extracting("reason").isEqualTo(KerberosRejection.REPLAYED);
    assertThat(verify("alice")).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void whatDoesNotOpenCostsNobodyAPlace() throws Exception {
    exhaust(ALICE);
    byte[] stranger =
        new ForgedToken(key(), Instant.now())
            .sealedTicket(
                cipher -> {
                  cipher[0] ^= 1;
                  return cipher;
                })
            .bytes();

    assertThat(verify(stranger)).extracting("reason").isEqualTo(KerberosRejection.WRONG_KEY);
  }

  @Test
  void componentsAreNotMistakenForOneAnother() throws Exception {
    exhaust(new PrincipalName(List.of("a", "b"), "SHOP.EXAMPLE").id());

    assertThatCode(() -> quota.enter(new PrincipalName(List.of("a/b"), "SHOP.EXAMPLE").id()))
        .doesNotThrowAnyException();
  }

  @Test
  void nothingIsKeptOfClientsThatHaveLeft() throws Exception {
    quota.enter(ALICE);
    quota.enter(BOB);
    quota.leave(ALICE);
    quota.leave(BOB);

    assertThat(quota.clients()).isZero();
  }

  @Test
  void underThreadsNeverMoreThanTheQuotaAreIn() throws Exception {
    int threads = 4 * ClientQuota.MOST;
    var barrier = new CyclicBarrier(threads);
    var in = new AtomicInteger();
    var most = new AtomicInteger();
    Callable<Void> client =
        () -> {
          barrier.await(60, TimeUnit.SECONDS);
          for (int round = 0; round < 2000; round++) {
            if (entered()) {
              most.accumulateAndGet(in.incrementAndGet(), Math::max);
              in.decrementAndGet();
              quota.leave(ALICE);
            }
          }
          return null;
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (Future<Void> ended : pool.invokeAll(Collections.nCopies(threads, client))) {
      ended.get(30, TimeUnit.SECONDS);
    }
    pool.shutdown();

    assertThat(most.get()).isBetween(1, ClientQuota.MOST);
    assertThat(quota.clients()).isZero();
  }

  private static RealmRules realms() {
    return AcceptorSettings.USUAL.realms(OrdersService.REALMS);
  }

  private boolean entered() {
    try {
      quota.enter(ALICE);
      return true;
    } catch (RefusedTokenException over) {
      return false;
    }
  }

  private void exhaust(PrincipalId client) throws RefusedTokenException {
    for (int i = 0; i < ClientQuota.MOST; i++) {
      quota.enter(client);
    }
    assertThatThrownBy(() -> quota.enter(client)).isInstanceOf(RefusedTokenException.class);
  }

  private Verification verify(String client) {
    return verify(token(client));
  }

  private Verification verify(byte[] token) {
    return verifier.verify(TokenSurgery.evidence(token));
  }

  private byte[] token(String client) {
    return new ForgedToken(key(), Instant.now()).client(client).bytes();
  }

  private KeytabEntry key() {
    return keytab.entries().stream().filter(entry -> entry.etype() == 18).findFirst().orElseThrow();
  }
}
