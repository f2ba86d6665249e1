// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static dev.serviceidentity.kerberos.token.ForgedMessage.authorizationData;
import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of what the acceptor must reject, and must not: what a ticket may say. */
class RejectionListTicketTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  @ParameterizedTest
  @CsvSource({"17, 17", "18, 18", "19, 19", "20, 20", "18, 20", "20, 17"})
  void aValidTokenPasses(int ticketType, int sessionType) {
    var caller = orders.accepts(orders.token(ticketType).session(sessionType)).caller();
    assertThat(caller.principal()).hasToString("kerberos:alice@SHOP.EXAMPLE");
    assertThat(caller.expiresAt()).isEqualTo(OrdersService.NOON.minusNanos(123456000).plus(HOUR));
    assertThat(caller.authenticatedAt()).isEqualTo(OrdersService.NOON);
  }

  /** RFC 4120 section 5.5.1. */
  @Test
  void pvnoOtherThan5() {
    var token = orders.token();
    token.request.set(0, integer(4));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "pvno");
  }

  @Test
  void msgTypeOtherThan14() {
    var token = orders.token();
    token.request.set(1, integer(12));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "msg-type");
  }

  @Test
  void tktVnoOtherThan5() {
    var token = orders.token();
    token.ticket.set(0, integer(4));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "tkt-vno");
  }

  /** RFC 4120 section 7.5.1. */
  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 20})
  void aTicketEncryptedForAnotherUsage(int etype) {
    var token = orders.token(etype).ticketUsage(KeyUsage.AP_REP_ENCPART);
    orders.refuses(token, KerberosRejection.WRONG_KEY);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 20})
  void oneBitOffInTheMacOfTheTicket(int etype) {
    orders.refuses(
        orders.token(etype).sealedTicket(RejectionListTicketTest::lastBitFlipped),
        KerberosRejection.WRONG_KEY);
  }

  @Test
  void aKvnoThatTheKeytabLacks() {
    orders.refuses(
        orders.token().kvno(4),
        KerberosRejection.KEYTAB_STALE,
        "the ticket has kvno 4 of aes256-cts-hmac-sha1-96 (18)",
        "3 of aes256-cts-hmac-sha1-96 (18)",
        "2 of aes256-cts-hmac-sha1-96 (18)",
        "HTTP/orders.shop@SHOP.EXAMPLE",
        "last read 2026-03-01T11:00:00Z");
  }

  @Test
  void aKvnoAbove255FitsAnEntryThatHasRoomForTheLowestEightBitsOnly() {
    KeytabEntry narrow = orders.add(OrdersService.NAME, KeyVersion.ofLowBits(7), 18, 7);
    orders.write();
    orders.clock().advance(Duration.ofSeconds(1));
    for (long kvno : new long[] {7, 256 + 7, 0x01000007}) {
      orders.accepts(new ForgedToken(narrow, orders.clock().instant()).kvno(kvno));
    }
    var other = new ForgedToken(narrow, orders.clock().instant()).kvno(256 + 8);
    orders.refuses(other, KerberosRejection.KEYTAB_STALE);
  }

  @Test
  void aKvnoAbove255FitsNoEntryThatHasRoomForAllOfIt() {
    orders.refuses(orders.token().kvno(256 + 3), KerberosRejection.KEYTAB_STALE);
  }

  @Test
  void aKvnoThatIsAbsentIsTriedWithAllKeysOfTheType() {
    orders.accepts(orders.token().withoutKvno());
    orders.accepts(new ForgedToken(orders.key(18, 2), OrdersService.NOON).withoutKvno());
    orders.refuses(orders.token().kvno(0), KerberosRejection.KEYTAB_STALE);
  }

  @Test
  void noMoreThanSixteenKeysAreTriedForAnAbsentKvno() {
    for (int kvno = 4; kvno < 19; kvno++) {
      add(kvno);
    }
    orders.accepts(orders.token().withoutKvno());
    add(19);
    orders.refuses(
        orders.token().withoutKvno(),
        KerberosRejection.WRONG_KEY,
        "none of the 16 newest of 18 such keys opens it");
    orders.accepts(orders.token());
  }

  @Test
  void aKeyWhoseVersionTheKeytabDoesNotKnowIsTriedForEveryKvno() {
    KeytabEntry key = orders.add(OrdersService.NAME, 0, 18, 77);
    orders.write();
    orders.keys().refresh();
    orders.accepts(new ForgedToken(key, OrdersService.NOON).kvno(9));
    orders.accepts(new ForgedToken(key, OrdersService.NOON).kvno(3));
    orders.refuses(orders.token().kvno(9), KerberosRejection.WRONG_KEY);
  }

  private void add(int kvno) {
    orders.add(OrdersService.NAME, kvno, 18, kvno);
    orders.write();
    orders.keys().refresh();
  }

  @Test
  void theFlagInvalid() {
    orders.refuses(
        orders.token().ticketFlags(0x01000000), KerberosRejection.TICKET_NOT_YET_VALID, "invalid");
  }

  @Test
  void aStartBeyondTheSkewAndNotWithin() {
    orders.refuses(
        orders.token().valid(Duration.ofSeconds(302), HOUR),
        KerberosRejection.TICKET_NOT_YET_VALID,
        "the clocks may differ by 300 s");
    orders.accepts(orders.token().valid(Duration.ofSeconds(299), HOUR));
  }

  @Test
  void anEndBeyondTheSkewAndNotWithin() {
    orders.refuses(
        orders.token().valid(HOUR.negated(), Duration.ofSeconds(-302)),
        KerberosRejection.TICKET_EXPIRED,
        "ended at 2026-03-01T11:54:58Z",
        "302 s");
    orders.accepts(orders.token().valid(HOUR.negated(), Duration.ofSeconds(-299)));
    orders.accepts(orders.token().valid(HOUR.negated(), Duration.ofMinutes(2)));
  }

  @Test
  void aTicketWithoutStartBeginsWhenTheClientWasAuthenticated() {
    var early = orders.token().valid(Duration.ofMinutes(10), HOUR);
    early.contents.without(6);
    orders.refuses(early, KerberosRejection.TICKET_NOT_YET_VALID);
    var good = orders.token();
    good.contents.without(6);
    orders.accepts(good);
  }

  @Test
  void anAddressThatIsNotThePeers() throws UnknownHostException {
    InetAddress elsewhere = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
    orders.refuses(
        orders.token().from(elsewhere),
        KerberosRejection.WRONG_ADDRESS,
        "for use from 10.0.0.1, and came from 127.0.0.1");
    CallerEvidence here = evidence(elsewhere, orders.token().from(elsewhere));
    assertThat(orders.verify(here)).isInstanceOf(Verification.Verified.class);
    InetAddress six = InetAddress.getByName("2001:db8::1");
    assertThat(orders.verify(evidence(six, orders.token().from(six))))
        .isInstanceOf(Verification.Verified.class);
  }

  /** RFC 8429. */
  @ParameterizedTest
  @CsvSource({"23, arcfour-hmac (23)", "16, des3-cbc-sha1 (16)", "3, des-cbc-md5 (3)"})
  void aRetiredTypeOfTicketOrSessionKeyIsNamed(int etype, String named) {
    orders.refuses(orders.token().ticketType(etype), KerberosRejection.WEAK_ENCRYPTION, named);
    var token = orders.token();
    token.contents.set(1, ForgedMessage.key(etype, new byte[16]));
    orders.refuses(token, KerberosRejection.WEAK_ENCRYPTION, "session key", named);
  }

  @ParameterizedTest
  @CsvSource({"999, encryption type 999", "26, camellia256-cts-cmac (26)"})
  void aTypeThatIsUnknownToUsIsNamedForTicketAndSessionKey(int etype, String named) {
    orders.refuses(
        orders.token().ticketType(etype), KerberosRejection.UNSUPPORTED_ENCRYPTION, named);
    var token = orders.token();
    token.contents.set(1, ForgedMessage.key(etype, new byte[16]));
    orders.refuses(token, KerberosRejection.UNSUPPORTED_ENCRYPTION, "session key", named);
  }

  @Test
  void aTypeOfWhichTheKeytabHasNoKey() {
    ForgedToken token = orders.token(17);
    orders.removeType(17);
    orders.write();
    orders.keys().refresh();
    orders.refuses(
        token,
        KerberosRejection.NO_KEY,
        "kvno 3 of aes128-cts-hmac-sha1-96 (17), and the keytab has no such key",
        "3 of aes256-cts-hmac-sha1-96 (18)");
    orders.accepts(orders.token(18));
  }

  @Test
  void aSessionKeyOfTheWrongLength() {
    var token = orders.token();
    token.contents.set(1, ForgedMessage.key(18, new byte[16]));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "session key has 16 bytes");
  }

  /** RFC 4120 section 5.2.6. */
  @Test
  void criticalAuthorizationDataThatIsUnknownAndNotWhatIsIrrelevant() {
    byte[] unknown = authorizationData(512, new byte[3]);
    var token = orders.token();
    token.contents.set(10, unknown);
    orders.refuses(token, KerberosRejection.CRITICAL_AUTHORIZATION_DATA, "type 512");
    token = orders.token();
    token.contents.set(10, authorizationData(1, unknown));
    orders.accepts(token);
  }

  /** AD-MANDATORY-FOR-KDC is for others than us (RFC 4120 section 5.2.6.4). */
  @Test
  void whatIsMandatoryForTheKdcAlonePasses() {
    var token = orders.token();
    token.contents.set(10, authorizationData(8, authorizationData(512, new byte[3])));
    orders.accepts(token);
  }

  @Test
  void anEmptyListOfAddressesIsNone() {
    var token = orders.token();
    token.contents.set(9, Der.tlv(0x30));
    orders.accepts(token);
  }

  @Test
  void aTokenOfAlmost64KilobytesWithALargePacPasses() {
    byte[] pac = authorizationData(128, new byte[64 * 1024 - 700]);
    var token = orders.token();
    token.contents.set(10, authorizationData(1, pac));
    assertThat(token.bytes().length).isBetween(64 * 1024 - 300, 64 * 1024);
    orders.accepts(token);
  }

  /** A confounder has 16 bytes; a MAC has 12, 12, 16 and 24. */
  @ParameterizedTest
  @CsvSource({"17, 28", "18, 28", "19, 32", "20, 40"})
  void aCipherShorterThanAConfounderAndAMac(int etype, int shortest) {
    for (int length = 0; length <= shortest; length++) {
      byte[] cipher = new byte[length];
      orders.refuses(orders.token(etype).sealedTicket(old -> cipher), KerberosRejection.WRONG_KEY);
    }
  }

  /** The shortest that can be sealed: the confounder alone, with a MAC that is right. */
  @ParameterizedTest
  @CsvSource({"17, 28", "18, 28", "19, 32", "20, 40"})
  void aCipherOfExactlyOneBlock(int etype, int length) {
    var token = orders.token(etype).plainTicket(plain -> new byte[0]);
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "the opened ticket is missing");
    assertThat(token.ticketCipher()).hasSize(length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20261301000000Z",
        "20260230000000Z",
        "20260301240000Z",
        "20260301120000.5Z",
        "20260301120000",
        "20260301120000+",
        "2026030112000Z",
        "2026030112 000Z"
      })
  void timesThatKerberosDoesNotHave(String time) {
    var token = orders.token();
    token.contents.set(7, ForgedMessage.time(time));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "endtime");
  }

  private static CallerEvidence evidence(InetAddress source, ForgedToken token) {
    var fields = TokenSurgery.evidence(token.bytes()).header("Authorization");
    return CallerEvidence.of(
            new InetSocketAddress(source, 40000),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080))
        .headers(Map.of("Authorization", List.copyOf(fields)));
  }

  private static byte[] lastBitFlipped(byte[] sealed) {
    sealed[sealed.length - 1] ^= 1;
    return sealed;
  }
}
