// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static dev.serviceidentity.kerberos.token.ForgedMessage.name;
import static dev.serviceidentity.kerberos.token.ForgedMessage.octets;
import static dev.serviceidentity.kerberos.token.ForgedMessage.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedToken;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The list of what the acceptor must reject, and must not: names and realms, of the service that a
 * ticket is for and of the client that it was given to.
 */
class RejectionListNamesTest {
  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
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

  /** Tickets and keytabs have bytes there, of whatever charset. */
  @Test
  void aServiceWhoseNameIsNotAsciiIsFoundByItsBytes() {
    String bytes = new String("HTTP/m\u00fcller.shop".getBytes(UTF_8), ISO_8859_1);
    var name = new PrincipalName(List.of(bytes.split("/")), "SHOP.EXAMPLE");
    KeytabEntry key = orders.add(name, 1, 18, 98);
    orders.write();
    orders.keys().refresh();
    orders.accepts(new ForgedToken(key, OrdersService.NOON));
  }

  @Test
  void anEmptyCname() {
    orders.refuses(orders.token().client(), KerberosRejection.UNSUPPORTED_NAME);
    orders.refuses(orders.token().client(""), KerberosRejection.UNSUPPORTED_NAME);
    orders.refuses(orders.token().client("", "ns", "shop"), KerberosRejection.UNSUPPORTED_NAME);
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void nulAndWhatIsNotAsciiAreEscapedInTheReason(String hostile, String shown) {
    orders.refuses(
        orders.token().client(hostile),
        KerberosRejection.UNSUPPORTED_NAME,
        "'" + shown + "@SHOP.EXAMPLE'");
    orders.refuses(
        orders.token().realm(hostile), KerberosRejection.UNSUPPORTED_NAME, "'alice@" + shown + "'");
    var service = orders.token();
    service.ticket.set(2, name("HTTP", hostile));
    orders.refuses(service, KerberosRejection.WRONG_SERVICE, "'HTTP/" + shown + "@SHOP.EXAMPLE'");
    var realm = orders.token();
    realm.ticket.set(1, text(hostile));
    orders.refuses(realm, KerberosRejection.WRONG_SERVICE, "'HTTP/orders.shop@" + shown + "', and");
  }

  static Stream<Arguments> hostileNames() {
    return Stream.of(
        arguments("a\u0000b", "a\\u0000b"),
        arguments("m\u00fcller", "m\\u00fcller"),
        arguments("a b", "a b"),
        arguments("a\u007f", "a\\u007f"),
        arguments("a\nb", "a\\u000ab"));
  }

  @Test
  void slashesAndAtSignsInAComponentAreEscapedAndNotSeparators() {
    assertThat(orders.accepts(orders.token().client("a/b@c")).caller().principal().name())
        .isEqualTo("a\\/b\\@c");
    assertThat(orders.accepts(orders.token().client("a", "b")).caller().principal().name())
        .isEqualTo("a/b");
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
}
