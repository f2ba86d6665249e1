// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of what the acceptor must reject, and must not: what was sent before. */
class RejectionListReplayTest {
  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  @Test
  void anExactReplay() {
    byte[] token = orders.token().bytes();
    orders.accepts(token);
    orders.refuses(token, KerberosRejection.REPLAYED, "alice@SHOP.EXAMPLE");
    orders.clock().advance(Duration.ofMinutes(5));
    orders.refuses(token, KerberosRejection.REPLAYED);
    orders.clock().advance(Duration.ofSeconds(2));
    orders.refuses(token, KerberosRejection.CLOCK_SKEW);
  }

  @Test
  void aReplayOfATokenOfTheFutureForAsLongAsItPasses() {
    byte[] token = orders.token().sent(Duration.ofSeconds(299)).bytes();
    orders.accepts(token);
    for (int minute = 0; minute < 9; minute++) {
      orders.clock().advance(Duration.ofMinutes(1));
      orders.accepts(orders.token());
      orders.refuses(token, KerberosRejection.REPLAYED);
    }
  }

  @Test
  void aReplayInAnotherFrame() {
    byte[] bare = orders.token().bytes();
    orders.accepts(Der.spnego(bare, Der.KRB5));
    orders.refuses(bare, KerberosRejection.REPLAYED);
    orders.refuses(Der.spnego(bare, Der.KRB5_OF_MICROSOFT, Der.NTLM), KerberosRejection.REPLAYED);
  }

  @Test
  void aReplayWithOptionsThatAreIgnored() {
    ForgedToken token = orders.token();
    Rewritten request = Rewritten.of(token);
    orders.accepts(request.token());
    request.message.set(2, ForgedMessage.flags(0x20000001));
    orders.refuses(request.token(), KerberosRejection.REPLAYED);
  }

  @Test
  void aReplayWithAnyOtherFieldRewritten() {
    Rewritten request = Rewritten.of(orders.token());
    orders.accepts(request.token());
    request.ticket.set(
        2,
        new ForgedMessage()
            .set(0, ForgedMessage.integer(3))
            .set(1, Der.tlv(0x30, ForgedMessage.text("HTTP"), ForgedMessage.text("orders.shop")))
            .der());
    orders.refuses(request.token(), KerberosRejection.REPLAYED);
    request.sealedTicket.without(1);
    orders.refuses(request.token(), KerberosRejection.REPLAYED);
    request.sealedAuthenticator.set(1, ForgedMessage.integer(9));
    orders.refuses(request.token(), KerberosRejection.REPLAYED);
    request.ticket.set(2, ForgedMessage.name("HTTP", "stock.shop"));
    orders.refuses(request.token(), KerberosRejection.WRONG_SERVICE);
  }

  @Test
  void aReplayUnderAnotherNameThatHasTheSameKey() {
    PrincipalName alias = PrincipalName.parse("HTTP/alias.shop@SHOP.EXAMPLE");
    orders.add(alias, 3, 18, 3 * 20 + 18);
    orders.write();
    orders.keys().refresh();
    Rewritten request = Rewritten.of(orders.token());
    orders.accepts(request.token());
    request.ticket.set(2, ForgedMessage.name("HTTP", "alias.shop"));
    orders.refuses(request.token(), KerberosRejection.REPLAYED);
  }

  @Test
  void aReplayAfterTheKeytabWasReadAgain() {
    byte[] token = orders.token().bytes();
    orders.accepts(token);
    orders.add(OrdersService.NAME, 4, 18, 44);
    orders.write();
    orders.keys().refresh();
    orders.refuses(token, KerberosRejection.REPLAYED);
  }

  @Test
  void aReplayInAnotherDerEncoding() {
    ForgedToken token = orders.token();
    byte[] request = token.sealed();
    orders.accepts(token.frame(request));
    byte[] longer = Der.join(new byte[] {0x6e, (byte) 0x83, 0}, slice(request, 2));
    orders.refuses(token.frame(longer), KerberosRejection.MALFORMED_TOKEN);
  }

  @Test
  void aReplayRacedByManyThreads() throws Exception {
    int threads = 16;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int round = 0; round < 50; round++) {
      CallerEvidence evidence = TokenSurgery.evidence(orders.token().bytes());
      var barrier = new CyclicBarrier(threads);
      Callable<Boolean> copy =
          () -> {
            barrier.await(10, TimeUnit.SECONDS);
            return orders.verify(evidence) instanceof Verification.Verified;
          };
      int accepted = 0;
      for (Future<Boolean> outcome : pool.invokeAll(Collections.nCopies(threads, copy))) {
        accepted += outcome.get(30, TimeUnit.SECONDS) ? 1 : 0;
      }
      assertThat(accepted).as("round %d", round).isEqualTo(1);
    }
    pool.shutdown();
  }

  @Test
  void theSameTimeWithAnotherConfounderPasses() {
    ForgedToken token = orders.token();
    orders.accepts(token.bytes());
    orders.accepts(token.bytes());
  }

  @Test
  void theOrderOfArrivalIsIrrelevant() {
    List<byte[]> tokens = new ArrayList<>();
    for (int second : new int[] {290, -290, 0, 100, -100, 299}) {
      tokens.add(orders.token().sent(Duration.ofSeconds(second)).bytes());
    }
    tokens.forEach(orders::accepts);
    tokens.forEach(token -> orders.refuses(token, KerberosRejection.REPLAYED));
  }

  @Test
  void whatWasSentBeforeARestart() {
    byte[] token = orders.token().bytes();
    orders.accepts(token);
    var restarted =
        new OrdersService(
            directory,
            clock -> {
              clock.set(OrdersService.NOON.plusSeconds(10));
              return AcceptorSettings.USUAL.acceptors(OrdersService.REALMS, clock);
            },
            Set.of());
    restarted.clock().set(OrdersService.NOON.plusSeconds(11));
    restarted.refuses(token, KerberosRejection.SENT_BEFORE_START, "2026-03-01T12:00:10");
    restarted.accepts(restarted.token());
  }

  /** The slices of the first time have been forgotten, whatever their place in the ring was. */
  @ParameterizedTest
  @ValueSource(ints = {6, 11, 14, 20, 23, 40, 50, 60, 77})
  void aReplayAfterTheClockWasPutBack(int minutes) {
    byte[] token = orders.token().bytes();
    orders.accepts(token);
    Duration step = Duration.ofMinutes(minutes);
    orders.clock().advance(step);
    orders.accepts(orders.token().valid(step.multipliedBy(-2), Duration.ofHours(1)));
    orders.clock().set(OrdersService.NOON.plusSeconds(20));
    Verification seen = orders.verify(token);
    assertThat(seen)
        .extracting("reason")
        .isIn(KerberosRejection.SENT_BEFORE_START, KerberosRejection.REPLAYED);
  }

  @Test
  void aTokenOfTheTimeBetweenAfterTheClockWasPutBackUntilItHasCaughtUp() {
    orders.clock().advance(Duration.ofMinutes(20));
    orders.accepts(orders.token());
    byte[] between = orders.token().sent(Duration.ofMinutes(-4)).bytes();
    orders.accepts(between);
    orders.clock().advance(Duration.ofMinutes(40));
    orders.accepts(orders.token());
    orders.clock().set(OrdersService.NOON.plus(Duration.ofMinutes(20)));
    orders.refuses(between, KerberosRejection.SENT_BEFORE_START, "which was put back");
    orders.refuses(orders.token(), KerberosRejection.SENT_BEFORE_START, "which was put back");
    orders.clock().set(OrdersService.NOON.plus(Duration.ofMinutes(59)));
    orders.accepts(orders.token());
  }

  @Test
  void theClientsOfAnotherRealmCannotShutOutThoseOfTheOwn() {
    var small =
        new OrdersService(
            directory,
            AcceptorSettings.USUAL
                .trustedRealms(Set.of("PARTNER.EXAMPLE"))
                .replays(ReplayStore.inMemory(orders.clock(), Duration.ofMinutes(5), 16)));
    orders.clock().advance(Duration.ofSeconds(1));
    small.clock().advance(Duration.ofSeconds(2));
    for (int i = 0; i < 8; i++) {
      small.accepts(small.token().realm("PARTNER.EXAMPLE").client("minted-" + i));
    }
    small.refuses(
        small.token().realm("PARTNER.EXAMPLE").client("minted-8"), KerberosRejection.OVER_QUOTA);
    small.accepts(small.token());
  }

  @Test
  void twoAcceptorsOnOneStoreAcceptATokenOnce() throws Exception {
    ReplayStore shared = ReplayStore.inMemory(orders.clock(), Duration.ofMinutes(5), 1000);
    orders.clock().advance(Duration.ofSeconds(1));
    var settings = AcceptorSettings.USUAL.replays(shared);
    var one = new OrdersService(Files.createDirectory(directory.resolve("one")), settings);
    var other = new OrdersService(Files.createDirectory(directory.resolve("other")), settings);
    one.clock().advance(Duration.ofSeconds(2));
    other.clock().advance(Duration.ofSeconds(2));
    byte[] token = one.token().bytes();
    one.accepts(token);
    other.refuses(token, KerberosRejection.REPLAYED);
    other.accepts(other.token());
  }

  @Test
  void aStoreThatCannotTellRefusesAndSaysSo() {
    var closed =
        new OrdersService(
            directory,
            AcceptorSettings.USUAL.replays(
                ReplayStore.inMemory(orders.clock(), Duration.ofMinutes(5), 16)));
    closed.clock().advance(Duration.ofSeconds(1));
    closed.accepts(closed.token());
    closed.refuses(closed.token(), KerberosRejection.OVER_QUOTA, "alice@SHOP.EXAMPLE");
    for (int client = 1; client < 16; client++) {
      closed.accepts(closed.token().client("client-" + client));
    }
    closed.refuses(closed.token().client("one-more"), KerberosRejection.REPLAY_STORE_UNAVAILABLE);
  }

  @Test
  void whatIsRefusedForAnotherReasonTakesNoRoom() {
    var small =
        new OrdersService(
            directory,
            AcceptorSettings.USUAL
                .channelBindings(ChannelBindingPolicy.REQUIRE)
                .replays(ReplayStore.inMemory(orders.clock(), Duration.ofMinutes(5), 16)));
    small.clock().advance(Duration.ofSeconds(1));
    for (int i = 0; i < 20; i++) {
      small.refuses(small.token(), KerberosRejection.CHANNEL_BINDING_MISSING);
    }
  }

  private static byte[] slice(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  /** A token that was sealed once, in fields that can be rewritten without any key. */
  private static final class Rewritten {
    private final ForgedToken token;
    final ForgedMessage message = new ForgedMessage();
    final ForgedMessage ticket = new ForgedMessage();
    final ForgedMessage sealedTicket = new ForgedMessage();
    final ForgedMessage sealedAuthenticator = new ForgedMessage();

    private Rewritten(ForgedToken token) {
      this.token = token;
    }

    static Rewritten of(ForgedToken token) {
      var rewritten = new Rewritten(token);
      try {
        ApRequest read = ApRequest.read(Octets.of(token.sealed()));
        KeytabEntry key = token.service();
        rewritten.message.set(0, ForgedMessage.integer(5)).set(1, ForgedMessage.integer(14));
        rewritten.message.set(2, ForgedMessage.flags(ForgedToken.MUTUAL));
        rewritten.ticket.set(0, ForgedMessage.integer(5));
        rewritten.ticket.set(1, ForgedMessage.text(key.principal().realm()));
        rewritten.ticket.set(
            2, ForgedMessage.name(key.principal().components().toArray(String[]::new)));
        fill(rewritten.sealedTicket, read.ticket()).set(1, ForgedMessage.integer(key.kvno()));
        fill(rewritten.sealedAuthenticator, read.authenticator());
        return rewritten;
      } catch (RefusedTokenException unexpected) {
        throw new IllegalStateException(unexpected);
      }
    }

    byte[] token() {
      ticket.set(3, sealedTicket.der());
      message.set(3, Der.tlv(0x61, ticket.der())).set(4, sealedAuthenticator.der());
      return token.frame(Der.tlv(0x6e, message.der()));
    }

    private static ForgedMessage fill(ForgedMessage into, EncryptedPart part) {
      return into.set(0, ForgedMessage.integer(part.etype()))
          .set(2, ForgedMessage.octets(part.cipher().copy()));
    }
  }
}
