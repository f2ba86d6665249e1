// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.kerberos.TestRealms;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.token.TicketContents;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketCacheTest {
  private static final PrincipalId ALICE = PrincipalId.parse("kerberos:alice@SHOP.EXAMPLE");
  private static final long NOW = OrdersService.NOON.getEpochSecond();

  @TempDir Path directory;
  private OrdersService orders;
  private ServiceKeys keys;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
    keys = new ServiceKeys(List.of(orders.key(18), orders.key(17)), OrdersService.NOON);
  }

  @Test
  void aTicketIsFoundByAllItsBytesAndTheKeyAndNameItWasOpenedFor() throws Exception {
    var cache = new TicketCache(16);
    ForgedToken token = orders.token();
    ApRequest request = request(token);
    assertThat(cache.find(request, NOW)).isNull();
    OpenTicket ticket = keys.open(request);
    cache.keep(ticket, NOW);
    assertThat(cache.find(request, NOW)).isSameAs(ticket);
    byte[] cipher = token.ticketCipher();
    for (int i = 0; i < cipher.length; i++) {
      byte[] changed = cipher.clone();
      changed[i] ^= 1;
      assertThat(cache.find(request(token.sealedTicket(old -> changed)), NOW)).isNull();
    }
    token.sealedTicket(old -> cipher);
    assertThat(cache.find(request(token.kvno(2)), NOW)).isNull();
    assertThat(cache.find(request(token.kvno(3).ticketType(17)), NOW)).isNull();
    token.ticketType(18).ticket.set(2, ForgedMessage.name("HTTP", "stock.shop"));
    assertThat(cache.find(request(token), NOW)).isNull();
  }

  @Test
  void oneClientHoldsASixteenthAndNoMore() throws Exception {
    var cache = new TicketCache(256);
    for (int i = 0; i < 100; i++) {
      cache.keep(keys.open(request(orders.token())), NOW);
    }
    assertThat(cache.heldBy(ALICE)).isEqualTo(16);
    OpenTicket other = keys.open(request(orders.token().client("bob")));
    cache.keep(other, NOW);
    assertThat(cache.heldBy(other.client())).isEqualTo(1);
  }

  @Test
  void aClientThatHoldsAllItMayGivesUpAnOldTicketForANewOne() throws Exception {
    var cache = new TicketCache(16);
    ApRequest first = request(orders.token());
    cache.keep(keys.open(first), NOW);
    // The one that it may hold is in one of two rows, and the new one goes to that row or not.
    ApRequest second;
    do {
      second = request(orders.token());
      cache.keep(keys.open(second), NOW + 1);
    } while (cache.find(second, NOW + 1) == null);
    assertThat(cache.find(first, NOW + 1)).isNull();
    assertThat(cache.heldBy(ALICE)).isEqualTo(1);
  }

  @Test
  void whatWasUsedLongestAgoGivesWay() throws Exception {
    var cache = new TicketCache(16);
    List<ApRequest> requests = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ApRequest request = request(orders.token().client("client-" + i));
      requests.add(request);
      cache.keep(keys.open(request), NOW + i);
      assertThat(cache.find(requests.get(0), NOW + i)).isNotNull();
    }
    assertThat(cache.find(requests.get(39), NOW + 40)).isNotNull();
    assertThat(requests.stream().filter(r -> cache.find(r, NOW + 40) != null).count())
        .isBetween(2L, 16L);
  }

  @Test
  void aTicketKeepsItsCiphertextAndNotWhatStoodAroundItOrInIt() throws Exception {
    ForgedToken token = orders.token().from(InetAddress.getLoopbackAddress());
    token.contents.set(
        10,
        ForgedMessage.authorizationData(1, ForgedMessage.authorizationData(128, new byte[4000])));
    OpenTicket ticket = keys.open(request(token));
    TicketContents contents = ticket.contents();
    assertThat(ticket.sealed().array()).hasSize(token.ticketCipher().length);
    for (Octets kept :
        List.of(
            contents.client().realm(),
            contents.client().components(),
            contents.transited(),
            contents.addresses().get(0).address())) {
      assertThat(kept.array()).hasSize(kept.length());
    }
  }

  @Test
  void aTicketOfMoreThanEightKilobytesIsNotKept() throws Exception {
    var cache = new TicketCache(256);
    for (int size : new int[] {7_500, 8_500}) {
      ForgedToken token = orders.token();
      byte[] pac = ForgedMessage.authorizationData(128, new byte[size]);
      token.contents.set(10, ForgedMessage.authorizationData(1, pac));
      cache.keep(keys.open(request(token)), NOW);
      assertThat(cache.heldBy(ALICE)).as("%d bytes", size).isEqualTo(1);
    }
  }

  @Test
  void aTicketIsKeptOnce() throws Exception {
    var cache = new TicketCache(256);
    ApRequest request = request(orders.token());
    cache.keep(keys.open(request), NOW);
    cache.keep(keys.open(request), NOW);
    assertThat(cache.heldBy(ALICE)).isEqualTo(1);
  }

  @Test
  void whatHasEndedIsForgottenAndMakesRoom() throws Exception {
    var cache = new TicketCache(256);
    ApRequest request = request(orders.token());
    cache.keep(keys.open(request), NOW);
    cache.forgetEndedBefore(NOW + 3600);
    assertThat(cache.find(request, NOW)).isNotNull();
    cache.forgetEndedBefore(NOW + 3601);
    assertThat(cache.find(request, NOW)).isNull();
    assertThat(cache.heldBy(ALICE)).isZero();
  }

  @Test
  void timesAreJudgedAnewForAKnownTicket() {
    ForgedToken token = orders.token();
    orders.accepts(token);
    byte[] cipher = token.ticketCipher();
    orders.clock().advance(Duration.ofMinutes(64));
    orders.accepts(again(cipher));
    orders.clock().advance(Duration.ofMinutes(2));
    orders.refuses(again(cipher), KerberosRejection.TICKET_EXPIRED);
  }

  @Test
  void theAddressIsJudgedAnewForAKnownTicket() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    ForgedToken token = orders.token().from(here);
    orders.accepts(token);
    byte[] cipher = token.ticketCipher();
    orders.accepts(again(cipher));
    InetAddress elsewhere = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
    CallerEvidence moved =
        CallerEvidence.of(
                new InetSocketAddress(elsewhere, 40000), new InetSocketAddress(here, 8080))
            .headers(
                Map.of(
                    "Authorization",
                    TokenSurgery.evidence(again(cipher).bytes()).header("Authorization")));
    assertThat(orders.verify(moved))
        .extracting("reason")
        .isEqualTo(KerberosRejection.WRONG_ADDRESS);
  }

  @Test
  void whatStandsOutsideOfItIsJudgedAnewForAKnownTicket() {
    ForgedToken token = orders.token();
    orders.accepts(token);
    byte[] cipher = token.ticketCipher();
    orders.accepts(again(cipher));
    ForgedToken service = again(cipher);
    service.ticket.set(2, ForgedMessage.name("HTTP", "stock.shop"));
    orders.refuses(service, KerberosRejection.WRONG_SERVICE);
    ForgedToken realm = again(cipher);
    realm.ticket.set(1, ForgedMessage.text("OTHER.EXAMPLE"));
    orders.refuses(realm, KerberosRejection.WRONG_SERVICE);
    orders.refuses(again(cipher).kvno(2), KerberosRejection.WRONG_KEY);
    orders.refuses(again(cipher).kvno(9), KerberosRejection.KEYTAB_STALE);
    orders.refuses(again(cipher).ticketType(20), KerberosRejection.WRONG_KEY);
    orders.accepts(again(cipher));
  }

  @Test
  void aTicketIsKeptOnlyIfItsAuthenticatorWasVerified() throws Exception {
    var cache = new TicketCache(256);
    var acceptor = new NativeAcceptor(keys, orders.circumstances(), cache);
    ForgedToken bad = orders.token();
    bad.sealedAuthenticator(
        cipher -> {
          cipher[cipher.length - 1] ^= 1;
          return cipher;
        });
    assertThatThrownBy(() -> accept(acceptor, bad)).isInstanceOf(RefusedTokenException.class);
    assertThat(cache.heldBy(ALICE)).isZero();
    ForgedToken late = orders.token().sent(Duration.ofMinutes(-10));
    assertThatThrownBy(() -> accept(acceptor, late)).isInstanceOf(RefusedTokenException.class);
    assertThat(cache.heldBy(ALICE)).isZero();
    accept(acceptor, orders.token());
    assertThat(cache.heldBy(ALICE)).isEqualTo(1);
  }

  private static void accept(NativeAcceptor acceptor, ForgedToken token)
      throws RefusedTokenException {
    NegotiateToken read = NegotiateToken.read(token.bytes());
    acceptor.accept(read, ApRequest.read(read.apRequest()), TestRealms.connection());
  }

  @Test
  void aKnownTicketIsRefusedWhenItsKeyHasLeftTheKeytab() throws Exception {
    ForgedToken token = orders.token();
    orders.accepts(token);
    byte[] cipher = token.ticketCipher();
    orders.remove(3);
    orders.write();
    orders.keys().refresh();
    orders.refuses(token.sealedTicket(old -> cipher), KerberosRejection.KEYTAB_STALE);
  }

  private ForgedToken again(byte[] cipher) {
    return new ForgedToken(orders.key(18), orders.clock().instant()).sealedTicket(old -> cipher);
  }

  private static ApRequest request(ForgedToken token) throws RefusedTokenException {
    return ApRequest.read(Octets.of(token.sealed()));
  }
}
