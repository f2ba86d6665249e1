// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.replay.SeenAuthenticator;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedMic;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
  private static final Duration SKEW = Duration.ofMinutes(5);

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
    request.message.set(2, ForgedMessage.flags(0));
    orders.refuses(request.token(), KerberosRejection.TAMPERED);
    request.message.set(2, ForgedMessage.flags(ForgedToken.MUTUAL));
    request.sealedAuthenticator.set(0, ForgedMessage.integer(17));
    orders.refuses(request.token(), KerberosRejection.TAMPERED);
    request.sealedAuthenticator.set(0, ForgedMessage.integer(18));
    request.sealedTicket.set(0, ForgedMessage.integer(17));
    orders.refuses(request.token(), KerberosRejection.WRONG_KEY);
    request.sealedTicket.set(0, ForgedMessage.integer(18));
    request.ticket.set(1, ForgedMessage.text("OTHER.EXAMPLE"));
    orders.refuses(request.token(), KerberosRejection.WRONG_SERVICE);
    request.ticket.set(1, ForgedMessage.text("SHOP.EXAMPLE"));
    request.ticket.set(2, ForgedMessage.name("HTTP", "stock.shop"));
    orders.refuses(request.token(), KerberosRejection.WRONG_SERVICE);
    request.ticket.set(2, ForgedMessage.name("HTTP", "orders.shop"));
    orders.refuses(request.token(), KerberosRejection.REPLAYED);
  }

  @Test
  void aReplayWithoutTheMechListMicThatItHad() {
    ForgedToken token = orders.token();
    byte[] bare = token.bytes();
    byte[] list = Der.tlv(0x30, Der.KRB5, Der.NTLM);
    byte[] mic = ForgedMic.ofInitiator(token.session(), 1, list);
    orders.accepts(Der.spnegoWithMic(bare, list, mic));
    orders.refuses(Der.spnegoWithMic(bare, list, mic), KerberosRejection.REPLAYED);
    orders.refuses(Der.spnego(bare, Der.KRB5, Der.NTLM), KerberosRejection.REPLAYED);
    byte[] flags = Der.bytes("a1 04 03 02 06 40");
    byte[] init =
        Der.tlv(0x30, Der.tlv(0xa0, list), flags, Der.tlv(0xa2, ForgedMessage.octets(bare)));
    orders.refuses(Der.tlv(0x60, Der.SPNEGO, Der.tlv(0xa0, init)), KerberosRejection.REPLAYED);
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

  /** An account with several names, whose keytab is made anew: the names come in another order. */
  @Test
  void aReplayAfterAnotherNameOfTheSameKeyCameFirstInTheKeytab() {
    byte[] token = orders.token().bytes();
    orders.accepts(token);
    addAlias(orders);
    orders.keys().refresh();
    orders.refuses(token, KerberosRejection.REPLAYED);
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
    try {
      race(pool, threads);
    } finally {
      pool.shutdownNow();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void race(ExecutorService pool, int threads) throws Exception {
    for (int round = 0; round < 50; round++) {
      CallerEvidence evidence = TokenSurgery.evidence(orders.token().bytes());
      var barrier = new CyclicBarrier(threads);
      Callable<Boolean> copy =
          () -> {
            barrier.await(60, TimeUnit.SECONDS);
            return orders.verify(evidence) instanceof Verification.Verified;
          };
      int accepted = 0;
      for (Future<Boolean> outcome : pool.invokeAll(Collections.nCopies(threads, copy))) {
        accepted += outcome.get(30, TimeUnit.SECONDS) ? 1 : 0;
      }
      assertThat(accepted).as("round %d", round).isEqualTo(1);
    }
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
    ReplayStore shared = shared();
    OrdersService one = replica("one", shared);
    OrdersService other = replica("other", shared);
    byte[] token = one.token().bytes();
    one.accepts(token);
    other.refuses(token, KerberosRejection.REPLAYED);
    other.accepts(other.token());
  }

  @Test
  void twoAcceptorsWhoseKeytabsNameTheSameKeyDifferentlyAcceptATokenOnce() throws Exception {
    ReplayStore shared = shared();
    OrdersService one = replica("one", shared);
    OrdersService other = replica("other", shared);
    addAlias(other);
    other.keys().refresh();
    byte[] token = one.token().bytes();
    one.accepts(token);
    other.refuses(token, KerberosRejection.REPLAYED);
  }

  @Test
  void aClientThatHoldsASixteenthOfTheStoreIsRefusedAndNobodyElse() {
    OrdersService small = remembering(ReplayStore.inMemory(orders.clock(), SKEW, 16));
    small.accepts(small.token());
    small.refuses(small.token(), KerberosRejection.OVER_QUOTA, "alice@SHOP.EXAMPLE");
    small.accepts(small.token().client("bob"));
  }

  @Test
  void aFullStoreRefusesAndSaysSo() {
    OrdersService small = remembering(ReplayStore.inMemory(orders.clock(), SKEW, 16));
    for (int client = 0; client < 16; client++) {
      small.accepts(small.token().client("client-" + client));
    }
    small.refuses(small.token().client("one-more"), KerberosRejection.REPLAY_STORE_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unavailable", "throws", "null", "throws since", "null since"})
  void aStoreThatCannotTellRefusesAndSaysSo(String how) {
    OrdersService unreliable = remembering(new Unreliable(how));
    unreliable.refuses(unreliable.token(), KerberosRejection.REPLAY_STORE_UNAVAILABLE);
  }

  /** A store that is somebody else's work. */
  private record Unreliable(String how) implements ReplayStore {
    @Override
    public Answer remember(SeenAuthenticator authenticator) {
      return switch (how) {
        case "throws" -> throw new IllegalStateException("the database is gone");
        case "null" -> null;
        default -> Answer.UNAVAILABLE;
      };
    }

    @Override
    public Instant since() {
      return switch (how) {
        case "throws since" -> throw new IllegalStateException("the database is gone");
        case "null since" -> null;
        default -> Instant.EPOCH;
      };
    }
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

  /** Another name with the key of type 18, before all others. */
  private static void addAlias(OrdersService service) {
    service.add(PrincipalName.parse("HTTP/alias.shop@SHOP.EXAMPLE"), 4, 18, 3 * 20 + 18);
    service.write();
  }

  private OrdersService remembering(ReplayStore store) {
    var service = new OrdersService(directory, AcceptorSettings.USUAL.replays(store));
    service.clock().advance(Duration.ofSeconds(1));
    return service;
  }

  private ReplayStore shared() {
    orders.clock().advance(Duration.ofSeconds(1));
    return ReplayStore.inMemory(orders.clock(), Duration.ofMinutes(5), 1000);
  }

  private OrdersService replica(String name, ReplayStore shared) throws IOException {
    var replica =
        new OrdersService(
            Files.createDirectory(directory.resolve(name)), AcceptorSettings.USUAL.replays(shared));
    replica.clock().advance(Duration.ofSeconds(2));
    return replica;
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
