// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One ticket of alice, without the KDC that it could have come from. */
public final class HeldTicket implements ServiceTickets {
  public static final Target ORDERS = Target.of(URI.create("https://orders.shop"));

  private static final String SCHEME = "Negotiate ";

  private final OutgoingTicket ticket;
  private final Duration clockOffset;

  private HeldTicket(Ticket ticket, Duration clockOffset) {
    this.ticket = OutgoingTicket.of(ticket);
    this.clockOffset = clockOffset;
  }

  public static Initiator initiator(Ticket ticket, Clock clock) {
    return initiator(ticket, clock, Duration.ZERO);
  }

  public static Initiator initiator(Ticket ticket, Clock clock, Duration clockOffset) {
    return new Initiator(
        target -> ServicePrincipal.of(target, ticket.client().realm()),
        new HeldTicket(ticket, clockOffset),
        clock,
        new RandomOctets(new SecureRandom()));
  }

  @Override
  public OutgoingTicket ticketFor(PrincipalName service) {
    assertThat(service).isEqualTo(ticket.ticket().service());
    return ticket;
  }

  @Override
  public Duration clockOffset() {
    return clockOffset;
  }

  /** The token that a request carries. */
  public static byte[] token(RequestCredentials credentials) {
    var values = new ArrayList<String>();
    credentials.applyTo((name, value) -> values.add(value));
    assertThat(values).singleElement().asString().startsWith(SCHEME);
    return Base64.getDecoder().decode(values.get(0).substring(SCHEME.length()));
  }

  /** The response fields that an acceptor adds. */
  public static Map<String, List<String>> fields(Verification seen) {
    var fields = new HashMap<String, List<String>>();
    seen.applyTo((name, value) -> fields.put(name, List.of(value)));
    return fields;
  }

  /** The token in those fields. */
  public static byte[] answer(Verification seen) {
    String value = fields(seen).get("WWW-Authenticate").get(0);
    return Base64.getDecoder().decode(value.substring(SCHEME.length()));
  }

  /** Response fields with a token. */
  public static Map<String, List<String>> fields(byte[] answer) {
    return Map.of("WWW-Authenticate", List.of(SCHEME + Base64.getEncoder().encodeToString(answer)));
  }
}
