// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ApReplyProof;
import dev.serviceidentity.kerberos.token.Authenticator;
import dev.serviceidentity.kerberos.token.BindingsHash;
import dev.serviceidentity.kerberos.token.GssChecksum;
import dev.serviceidentity.kerberos.token.MutualReply;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import dev.serviceidentity.kerberos.token.TokenForm;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.time.Clock;
import java.util.Base64;
import java.util.function.Function;

/**
 * Makes tokens for services by itself (RFC 4120 section 3.2.2, RFC 4121 section 4.1): nothing of
 * the JVM is configured or read but its AES, HMAC and random numbers. Thread-safe.
 */
public final class Initiator {
  private static final byte[] UNBOUND = GssChecksum.ofInitiator(new byte[16]);

  private final Function<Target, PrincipalName> services;
  private final ServiceTickets tickets;
  private final RequestTimes times;
  private final RandomOctets random;

  /**
   * An initiator.
   *
   * @param services names the principal of a target
   * @param tickets where tickets come from
   * @param clock the clock
   * @param random makes the keys
   */
  public Initiator(
      Function<Target, PrincipalName> services,
      ServiceTickets tickets,
      Clock clock,
      RandomOctets random) {
    this.services = services;
    this.tickets = tickets;
    this.times = new RequestTimes(clock);
    this.random = random;
  }

  /**
   * Makes one token. Blocks for as long as there is no ticket.
   *
   * @param target the service to call
   * @return the field with the token, whose answer proves the service
   * @throws IdentityException if there is none
   */
  public RequestCredentials credentialsFor(Target target) {
    PrincipalName service = services.apply(target);
    OutgoingTicket ticket = tickets.ticketFor(service);
    TokenForm form = TokenForm.of(target);
    ProtocolKey session = ticket.ticket().sessionKey();
    ProtocolKey subkey = session.beside(session.type(), random.take(session.type().keyLength()));
    Authenticator.Sent sent = Authenticator.Sent.at(times.next(tickets.clockOffset()));
    TokenWriter token = form.wrap(ticket.request(checksum(target), sent, subkey, random));
    return RequestCredentials.of(
        new HeaderField(
            "Authorization", "Negotiate " + Base64.getEncoder().encodeToString(token.bytes())),
        new MutualReply(service, new ApReplyProof(form, session, subkey, sent)));
  }

  private static byte[] checksum(Target target) {
    return target
        .channelBinding()
        .map(binding -> GssChecksum.ofInitiator(BindingsHash.of(binding)))
        .orElse(UNBOUND);
  }
}
