// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.kdc.ForgedReply.CLIENT;
import static dev.serviceidentity.kerberos.kdc.ForgedReply.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client must not believe, although most of it was sealed with the right key. */
class ForgedReplyTest {
  private static final PrincipalName STOCK = PrincipalName.parse("HTTP/stock.shop@SHOP.EXAMPLE");

  @Test
  void whatNobodyHasSpoiledIsATicket() {
    Ticket ticket = login(reply -> {});

    assertThat(ticket.service()).isEqualTo(ForgedReply.GRANTING);
    assertThat(ticket.life().endsAt()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(login(reply -> reply.content = 26).client()).isEqualTo(CLIENT);
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void whatIsSpoiledIsRefusedWithWhatIsWrong(String words, Consumer<ForgedReply> spoil) {
    assertThatThrownBy(() -> login(spoil))
        .isInstanceOfSatisfying(
            IdentityException.class, failure -> assertThat(failure.code()).isEqualTo(Code.REFUSED))
        .hasMessageStartingWith("The login of orders@SHOP.EXAMPLE failed: no KDC of SHOP.EXAMPLE")
        .hasMessageContaining(words);
  }

  static Stream<Arguments> spoiled() {
    return Stream.of(
        spoiled("nonce is of another", reply -> reply.nonce++),
        spoiled("another client", reply -> reply.client = STOCK),
        spoiled("another client", reply -> reply.client = PrincipalName.parse("orders@EVIL")),
        spoiled("another service than its", reply -> reply.service = STOCK),
        spoiled("another service than its", reply -> reply.inTicket = STOCK),
        spoiled("is for 'HTTP/stock.shop", ForgedReplyTest::forStock),
        spoiled("pvno is 4", reply -> reply.pvno = 4),
        spoiled("msg-type 13", reply -> reply.type = 13),
        spoiled("the reply is missing", reply -> reply.application = 13),
        spoiled("not of version 5", reply -> reply.ticketVersion = 4),
        spoiled("does not open", reply -> reply.key = ForgedReply.OTHER),
        spoiled("does not open", reply -> reply.usage = KeyUsage.TGS_REPLY),
        spoiled("arcfour-hmac (23), which was not offered", reply -> reply.sealedType = 23),
        spoiled("which was not offered", reply -> reply.sealedType = 17),
        spoiled("arcfour-hmac (23), which was not offered", reply -> reply.sessionType = 23),
        spoiled("has 16 bytes", reply -> reply.session = new byte[16]),
        spoiled("opened reply is missing", reply -> reply.content = 3),
        spoiled("marked invalid", reply -> reply.flags = 0x01000000),
        spoiled("begins at", reply -> reply.start = NOW.plus(Duration.ofMinutes(6))),
        spoiled("ends at", reply -> reply.end = NOW),
        spoiled("bound to addresses", reply -> reply.isBound = true),
        spoiled("more than a day", reply -> at(reply, Duration.ofHours(25))),
        spoiled("more than a day", reply -> at(reply, Duration.ofHours(-25))),
        spoiled("1 bytes too many", reply -> reply.after = new byte[1]));
  }

  private static Arguments spoiled(String words, Consumer<ForgedReply> spoil) {
    return Arguments.of(words, spoil);
  }

  private static void forStock(ForgedReply reply) {
    reply.service = STOCK;
    reply.inTicket = STOCK;
  }

  private static void at(ForgedReply reply, Duration offset) {
    reply.authenticated = NOW.plus(offset);
    reply.start = NOW.plus(offset);
    reply.end = NOW.plus(offset).plusSeconds(3600);
  }

  @Test
  void anAuthenticAnswerTellsTheClockOfTheKdc() {
    try (var kdc =
        ScriptedKdc.answering(
            request -> ForgedReply.to(request, reply -> at(reply, Duration.ofMinutes(3))))) {
      KdcClient client = client(kdc);
      client.login(CLIENT, ForgedReply.keys());

      assertThat(client.clockOffset()).isEqualTo(Duration.ofMinutes(3));
    }
  }

  @Test
  void anErrorThatAnybodyCanWriteMovesNoClock() {
    try (var kdc =
        ScriptedKdc.answering(
            request -> ForgedReply.error(37, NOW.plus(Duration.ofHours(3)), new byte[0]))) {
      KdcClient client = client(kdc);

      assertThatThrownBy(() -> client.login(CLIENT, ForgedReply.keys()))
          .hasMessageContaining("KRB_AP_ERR_SKEW (37), 'no\\u000a'")
          .hasMessageContaining("Its clock says 2026-03-01T15:00:00Z")
          .hasMessageContaining("Synchronise the clock");
      assertThat(client.clockOffset()).isZero();
      assertThat(kdc.requests()).isEqualTo(2);
    }
  }

  @Test
  void aServiceTicketIsRefusedForTheSameReasons() {
    Ticket granting = login(reply -> {});

    refused(granting, "does not open with this session's", reply -> reply.key = ForgedReply.OTHER);
    refused(granting, "does not open with this session's", reply -> reply.sealedType = 17);
    refused(granting, "is for 'krbtgt/SHOP.EXAMPLE", reply -> {});
    refused(granting, "nonce", ForgedReplyTest::forStock, reply -> reply.nonce++);
    refused(granting, "another client", ForgedReplyTest::forStock, reply -> reply.client = STOCK);
    refused(granting, "ends at", ForgedReplyTest::forStock, reply -> reply.end = NOW);
    refused(granting, "is for 'krbtgt/EVIL@EVIL'", ForgedReplyTest::elsewhere);
    assertThat(ticket(granting, ForgedReplyTest::forStock).service()).isEqualTo(STOCK);
  }

  private static void elsewhere(ForgedReply reply) {
    reply.service = PrincipalName.parse("krbtgt/EVIL@EVIL");
    reply.inTicket = reply.service;
  }

  @Test
  void referralsThatLeadInACircleEnd() {
    Ticket granting = login(reply -> {});
    String[] next = {"A", "B", "SHOP.EXAMPLE"};
    int[] count = {0};
    String[] here = {"SHOP.EXAMPLE"};
    try (var kdc =
        ScriptedKdc.answering(
            request ->
                ofTgs(
                    request,
                    reply -> {
                      String to = next[count[0]++ % next.length];
                      reply.service = Realms.granting(to, here[0]);
                      reply.inTicket = reply.service;
                      here[0] = to;
                    }))) {
      KerberosConfig config = config(kdc).kdc("A", kdc.address()).kdc("B", kdc.address()).build();

      assertThatThrownBy(() -> client(config).ticket(granting, STOCK))
          .hasMessageContaining("without end ('SHOP.EXAMPLE', 'A', 'B', 'SHOP.EXAMPLE')")
          .isInstanceOf(IdentityException.class);
      assertThat(count[0]).isEqualTo(3);
    }
  }

  @Test
  void realmsThatKdcsInventAreQuoted() {
    Ticket granting = login(reply -> {});
    String forged = "X\n2026 ERROR forged";
    int[] count = {0};
    String[] here = {"SHOP.EXAMPLE"};
    try (var kdc =
        ScriptedKdc.answering(
            request ->
                ofTgs(
                    request,
                    reply -> {
                      String to = count[0] < 7 ? "R" + count[0] : forged;
                      count[0]++;
                      reply.service = Realms.granting(to, here[0]);
                      reply.inTicket = reply.service;
                      here[0] = to;
                    }))) {
      KerberosConfig.Builder config = config(kdc);
      for (int i = 0; i < 7; i++) {
        config.kdc("R" + i, kdc.address());
      }

      assertThatThrownBy(() -> client(config.build()).ticket(granting, STOCK))
          .hasMessageContaining("'R6', 'X\\u000a2026 ERROR forged')");
    }
  }

  @Test
  void aReferralToARealmWithoutAKdcIsNamed() {
    Ticket granting = login(reply -> {});

    refused(
        granting,
        "no KDC of the realm 'FAR' is known",
        reply -> {
          reply.service = Realms.granting("FAR", "SHOP.EXAMPLE");
          reply.inTicket = reply.service;
        });
  }

  @SafeVarargs
  private static void refused(Ticket granting, String words, Consumer<ForgedReply>... spoil) {
    assertThatThrownBy(() -> ticket(granting, spoil))
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith("The ticket of orders@SHOP.EXAMPLE for the service " + STOCK)
        .hasMessageContaining(words);
  }

  @SafeVarargs
  private static Ticket ticket(Ticket granting, Consumer<ForgedReply>... spoil) {
    try (var kdc = ScriptedKdc.answering(request -> ofTgs(request, spoil))) {
      return client(kdc).ticket(granting, STOCK);
    }
  }

  @SafeVarargs
  private static byte[] ofTgs(byte[] request, Consumer<ForgedReply>... spoil) {
    List<Consumer<ForgedReply>> changes = List.of(spoil);
    return ForgedReply.to(
        request,
        reply -> {
          reply.ofTgs();
          changes.forEach(change -> change.accept(reply));
        });
  }

  private static Ticket login(Consumer<ForgedReply> spoil) {
    try (var kdc = ScriptedKdc.answering(request -> ForgedReply.to(request, spoil))) {
      return client(kdc).login(CLIENT, ForgedReply.keys());
    }
  }

  private static KerberosConfig.Builder config(ScriptedKdc kdc) {
    return KerberosConfig.builder()
        .kdc("SHOP.EXAMPLE", kdc.address())
        .kdcTimeout(Duration.ofMinutes(1));
  }

  private static KdcClient client(ScriptedKdc kdc) {
    return client(config(kdc).build());
  }

  private static KdcClient client(KerberosConfig config) {
    return new KdcClient(config, ForgedReply.RANDOM, Clock.fixed(NOW, ZoneOffset.UTC));
  }
}
