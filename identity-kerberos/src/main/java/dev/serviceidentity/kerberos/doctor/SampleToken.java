// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.initiator.Initiator;
import dev.serviceidentity.kerberos.initiator.ServiceTickets;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/**
 * A token that nobody is sent, made of a ticket as those for services are. Holds no key, but a
 * ticket that does.
 *
 * @param ticket what it was made of
 * @param credentials what a request would carry
 * @param token the same as its receiver reads it
 * @param request the AP-REQ inside
 */
record SampleToken(
    Ticket ticket, RequestCredentials credentials, NegotiateToken token, ApRequest request) {
  /** Nobody looks a name up: the principal says whose it is. */
  private static final Target NOWHERE = Target.of(URI.create("https://doctor.invalid"));

  /** The one ticket, by a clock that is right. */
  private record Only(OutgoingTicket ticket) implements ServiceTickets {
    @Override
    public OutgoingTicket ticketFor(PrincipalName service) {
      return ticket;
    }

    @Override
    public Duration clockOffset() {
      return Duration.ZERO;
    }
  }

  /**
   * Makes one.
   *
   * @param clock that of the KDC
   */
  static SampleToken of(Ticket ticket, Clock clock, RandomOctets random)
      throws RefusedTokenException {
    var tickets = new Only(OutgoingTicket.of(ticket));
    RequestCredentials credentials =
        new Initiator(target -> ticket.service(), tickets, clock, random).credentialsFor(NOWHERE);
    var field = new StringBuilder();
    credentials.applyTo((name, value) -> field.append(value));
    NegotiateToken token = NegotiateToken.parse(field.toString(), "Negotiate ".length());
    return new SampleToken(ticket, credentials, token, ApRequest.read(token.apRequest()));
  }
}
