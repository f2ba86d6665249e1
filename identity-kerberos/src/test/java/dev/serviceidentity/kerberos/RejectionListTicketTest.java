// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.ForgedMessage.authorizationData;
import static dev.serviceidentity.kerberos.ForgedMessage.integer;
import static dev.serviceidentity.kerberos.ForgedMessage.name;
import static dev.serviceidentity.kerberos.ForgedMessage.octets;
import static dev.serviceidentity.kerberos.ForgedMessage.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  @Test
  void aTicketEncryptedForAnotherUsage() {
    var token = orders.token().ticketUsage(KeyUsage.AS_REP_ENCPART);
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
    orders.refuses(orders.token().kvno(0), KerberosRejection.KEYTAB_STALE);
  }

  @Test
  void noMoreThanSixteenKeysAreTriedForAnAbsentKvno() {
    for (int kvno = 10; kvno < 40; kvno++) {
      orders.add(OrdersService.NAME, kvno, 18, kvno);
    }
    orders.write();
    orders.keys().refresh();
    orders.refuses(orders.token().withoutKvno(), KerberosRejection.WRONG_KEY);
    orders.accepts(orders.token());
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
    orders.refuses(orders.token().from(elsewhere), KerberosRejection.WRONG_ADDRESS, "127.0.0.1");
    CallerEvidence here = evidence(elsewhere, orders.token().from(elsewhere));
    assertThat(orders.verify(here)).isInstanceOf(Verification.Verified.class);
    InetAddress six = InetAddress.getByName("2001:db8::1");
    assertThat(orders.verify(evidence(six, orders.token().from(six))))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void aServiceThatIsNotOursThoughAKeyFits() {
    var token = orders.token();
    token.ticket.set(2, name("HTTP", "stock.shop"));
    orders.refuses(
        token, KerberosRejection.WRONG_SERVICE, "'HTTP/stock.shop@SHOP.EXAMPLE'", "orders.shop");
    token = orders.token();
    token.ticket.set(2, name("HTTP/orders.shop"));
    orders.refuses(token, KerberosRejection.WRONG_SERVICE);
  }

  @Test
  void aRealmThatIsNotOurs() {
    var token = orders.token();
    token.ticket.set(1, text("shop.example"));
    orders.refuses(token, KerberosRejection.WRONG_SERVICE);
  }

  @Test
  void anotherPrincipalOfTheKeytabIsOursUnlessTheListLeavesItOut() {
    PrincipalName alias = PrincipalName.parse("HTTP/alias.shop@SHOP.EXAMPLE");
    KeytabEntry key = orders.add(alias, 1, 18, 99);
    orders.write();
    orders.keys().refresh();
    orders.accepts(new ForgedToken(key, OrdersService.NOON));
    var narrow =
        new OrdersService(
            directory,
            clock -> AcceptorSettings.USUAL.acceptors(OrdersService.REALMS, clock),
            Set.of(OrdersService.NAME));
    narrow.add(alias, 1, 18, 99);
    narrow.write();
    narrow.keys().refresh();
    narrow.refuses(new ForgedToken(key, OrdersService.NOON), KerberosRejection.WRONG_SERVICE);
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

  @Test
  void anUnknownType() {
    orders.refuses(orders.token().ticketType(999), KerberosRejection.NO_KEY, "encryption type 999");
  }

  @Test
  void aTypeOfWhichTheKeytabHasNoKey() {
    orders.refuses(
        orders.token().ticketType(26), KerberosRejection.NO_KEY, "camellia256-cts-cmac (26)");
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

  @Test
  void anEmptyCname() {
    orders.refuses(orders.token().client(), KerberosRejection.UNSUPPORTED_NAME);
    orders.refuses(orders.token().client(""), KerberosRejection.UNSUPPORTED_NAME);
    orders.refuses(orders.token().client("", "ns", "shop"), KerberosRejection.UNSUPPORTED_NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "m\u00fcller", "a b", "a\u007f"})
  void nulAndWhatIsNotAsciiInAComponentAreEscapedInTheReason(String component) {
    String shown =
        component.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
            ? component
            : String.format("\\u%04x", component.chars().filter(c -> c < 0x20 || c > 0x7e).sum());
    orders.refuses(orders.token().client(component), KerberosRejection.UNSUPPORTED_NAME, shown);
  }

  @Test
  void slashesAndAtSignsInAComponentAreEscapedAndNotSeparators() {
    assertThat(orders.accepts(orders.token().client("a/b@c")).caller().principal().name())
        .isEqualTo("a\\/b\\@c");
    assertThat(orders.accepts(orders.token().client("a", "b")).caller().principal().name())
        .isEqualTo("a/b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 27})
  void aCipherShorterThanAConfounderAndAMac(int length) {
    orders.refuses(
        orders.token().sealedTicket(cipher -> new byte[length]), KerberosRejection.WRONG_KEY);
  }

  @Test
  void aCipherOfExactlyOneBlock() {
    orders.refuses(
        orders.token().sealedTicket(cipher -> new byte[28]), KerberosRejection.WRONG_KEY);
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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7})
  void missingAndDoubledFieldsOfTheTicketsContents(int field) {
    var without = orders.token();
    without.contents.without(field);
    orders.refuses(without, KerberosRejection.MALFORMED_TOKEN);
    var doubled = orders.token();
    doubled.contents.twice(field);
    orders.refuses(doubled, KerberosRejection.MALFORMED_TOKEN);
  }

  @Test
  void aClientOfAnotherRealmWhichIsNotTrusted() {
    orders.refuses(
        orders.token().realm("PARTNER.EXAMPLE"),
        KerberosRejection.REALM_NOT_TRUSTED,
        "'PARTNER.EXAMPLE'");
  }

  @Test
  void aClientOfATrustedRealmPassesIfTheKdcHasCheckedTheWay() {
    var trusting =
        new OrdersService(
            directory, AcceptorSettings.USUAL.trustedRealms(Set.of("PARTNER.EXAMPLE")));
    trusting.accepts(trusting.token().realm("PARTNER.EXAMPLE"));
    var through = trusting.token().realm("PARTNER.EXAMPLE");
    through.contents.set(
        4, new ForgedMessage().set(0, integer(1)).set(1, octets(new byte[] {'X'})).der());
    trusting.refuses(through, KerberosRejection.REALM_NOT_TRUSTED, "has not checked");
    trusting.accepts(through.ticketFlags(0x00080000));
    trusting.refuses(trusting.token().realm("OTHER.EXAMPLE"), KerberosRejection.REALM_NOT_TRUSTED);
  }

  /** The keytab may hold more than the names of this service, such as those of a migration. */
  @Test
  void aClientOfARealmOfWhichTheKeytabOnlyHoldsAKey() {
    PrincipalName there = PrincipalName.parse("HTTP/orders.shop@PARTNER.EXAMPLE");
    KeytabEntry key = orders.add(there, 1, 18, 9);
    orders.write();
    orders.keys().refresh();
    orders.refuses(
        new ForgedToken(key, OrdersService.NOON),
        KerberosRejection.REALM_NOT_TRUSTED,
        "'PARTNER.EXAMPLE'");
    orders.accepts(new ForgedToken(key, OrdersService.NOON).realm("SHOP.EXAMPLE"));
  }

  /** RFC 4120 section 2.7: without the flag the realms on the way are for us to judge. */
  @Test
  void aClientOfTheOwnRealmWhoseTicketHasBeenToOthersThatTheKdcDidNotCheck() {
    var token = orders.token();
    token.contents.set(
        4,
        new ForgedMessage()
            .set(0, integer(1))
            .set(1, octets("EVIL.EXAMPLE".getBytes(US_ASCII)))
            .der());
    orders.refuses(token, KerberosRejection.REALM_NOT_TRUSTED, "has not checked");
    orders.accepts(token.ticketFlags(0x00080000));
  }

  /** RFC 8062: by its name, and by the flag under whatever name. */
  @Test
  void anAnonymousTicket() {
    orders.refuses(
        orders.token().client("WELLKNOWN", "ANONYMOUS"),
        KerberosRejection.ANONYMOUS,
        "'WELLKNOWN/ANONYMOUS@SHOP.EXAMPLE'");
    orders.refuses(orders.token().ticketFlags(0x00008000), KerberosRejection.ANONYMOUS);
    orders.refuses(
        orders.token().realm("WELLKNOWN:ANONYMOUS").client("WELLKNOWN", "ANONYMOUS"),
        KerberosRejection.ANONYMOUS);
    orders.accepts(orders.token().client("WELLKNOWN", "alice"));
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
