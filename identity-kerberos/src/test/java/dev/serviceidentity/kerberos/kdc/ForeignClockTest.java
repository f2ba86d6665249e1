// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.kdc.ForgedReply.CLIENT;
import static dev.serviceidentity.kerberos.kdc.ForgedReply.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Who may say what time it is, and who may not. */
class ForeignClockTest {
  private static final PrincipalName STOCK = PrincipalName.parse("HTTP/stock.shop@SHOP.EXAMPLE");
  private static final PrincipalName FAR = PrincipalName.parse("HTTP/far.example@FAR");
  private static final Duration LATER = Duration.ofMinutes(1);

  private final TestClock clock = TestClock.at(NOW);
  private final AtomicInteger requests = new AtomicInteger();

  @Test
  void aTrustedForeignKdcThatClaimsAnotherTimeDoesNotMoveTheOwnClock() {
    assertThat(offsetAfterTicketOfFar(NOW)).isZero();
  }

  @Test
  void aForeignKdcWhoseClockIsHoursOffGivesATicketAndDoesNotMoveTheOwnClock() {
    assertThat(offsetAfterTicketOfFar(NOW.plus(Duration.ofHours(3)))).isZero();
  }

  private Duration offsetAfterTicketOfFar(Instant start) {
    try (var home =
            kdc(
                request ->
                    tgs(request, reply -> names(reply, Realms.granting("FAR", "SHOP.EXAMPLE"))));
        var far =
            ScriptedKdc.answering(
                request ->
                    requests.getAndIncrement() == 0
                        ? skew(Duration.ofHours(3))
                        : tgs(
                            request,
                            reply -> {
                              names(reply, FAR);
                              reply.start = start;
                              reply.end = NOW.plus(Duration.ofHours(10));
                            }))) {
      KdcClient client = client(config(home).kdc("FAR", far.address()));

      assertThat(client.ticket(client.login(CLIENT, ForgedReply.keys()), FAR).service())
          .isEqualTo(FAR);
      return client.clockOffset();
    }
  }

  @Test
  void oneForgedErrorOnTheWayToTheOwnKdcIsForgottenWithTheSealedAnswer() {
    try (var home =
        kdc(
            request ->
                requests.getAndIncrement() == 0
                    ? skew(Duration.ofSeconds(299))
                    : tgs(request, reply -> names(reply, STOCK)))) {
      KdcClient client = client(config(home));
      Ticket granting = client.login(CLIENT, ForgedReply.keys());

      client.ticket(granting, STOCK);

      assertThat(client.clockOffset()).isZero();
      client.ticket(granting, STOCK);
      assertThat(client.clockOffset()).isZero();
    }
  }

  @Test
  void theOwnKdcTellsItsClockByTheSealedStartOfATicket() {
    Duration behind = Duration.ofMinutes(20);
    try (var home =
        kdc(
            request ->
                requests.getAndIncrement() == 0
                    ? skew(behind.negated())
                    : tgs(
                        request,
                        reply -> {
                          names(reply, STOCK);
                          reply.start = clock.instant().minus(behind);
                        }))) {
      Ticket granting = client(config(home)).login(CLIENT, ForgedReply.keys());
      clock.advance(behind.plus(LATER));
      KdcClient client = client(config(home));

      client.ticket(granting, STOCK);

      // The least that explains whole seconds, which may begin a tick late.
      assertThat(client.clockOffset())
          .isBetween(behind.negated(), behind.negated().plusMillis(1_010));
    }
  }

  @Test
  void aStartThatIsCopiedFromTheShownTicketIsNotTakenForAClock() {
    try (var home = kdc(request -> tgs(request, reply -> names(reply, STOCK)))) {
      KdcClient client = client(config(home));
      Ticket granting = client.login(CLIENT, ForgedReply.keys());
      clock.advance(LATER);

      client.ticket(granting, STOCK);

      assertThat(client.clockOffset()).isZero();
    }
  }

  @Test
  void aStartFarFromTheTimeThatTheKdcAcceptedIsNotTakenForAClock() {
    try (var home =
        kdc(
            request ->
                tgs(
                    request,
                    reply -> {
                      names(reply, STOCK);
                      reply.start = NOW.plus(LATER);
                    }))) {
      KdcClient client = client(config(home));
      Ticket granting = client.login(CLIENT, ForgedReply.keys());
      clock.advance(Duration.ofMinutes(30));

      client.ticket(granting, STOCK);

      assertThat(client.clockOffset()).isZero();
    }
  }

  private static ScriptedKdc kdc(ScriptedKdc.Answers ofTgs) {
    return ScriptedKdc.answering(
        request -> request[0] == 0x6a ? ForgedReply.to(request, reply -> {}) : ofTgs.to(request));
  }

  private static byte[] tgs(byte[] request, Consumer<ForgedReply> spoil) {
    return ForgedReply.to(
        request,
        reply -> {
          reply.ofTgs();
          spoil.accept(reply);
        });
  }

  private static void names(ForgedReply reply, PrincipalName service) {
    reply.service = service;
    reply.inTicket = service;
  }

  private byte[] skew(Duration ahead) {
    return ForgedReply.error(KdcError.SKEW, clock.instant().plus(ahead), new byte[0]);
  }

  private static KerberosConfig.Builder config(ScriptedKdc kdc) {
    return KerberosConfig.builder()
        .kdc("SHOP.EXAMPLE", kdc.address())
        .kdcTimeout(Duration.ofMinutes(1));
  }

  private KdcClient client(KerberosConfig.Builder config) {
    return new KdcClient(config.build(), ForgedReply.RANDOM, clock);
  }
}
