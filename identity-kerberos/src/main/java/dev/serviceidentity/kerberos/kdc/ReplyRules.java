// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;
import static dev.serviceidentity.spi.ForeignText.quote;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.time.Instant;

/** What an answer must have for its ticket to be used (RFC 4120 sections 3.1.5 and 3.3.4). */
final class ReplyRules {
  private ReplyRules() {}

  /**
   * Makes a ticket of an answer that belongs to a request.
   *
   * @param client who has asked
   * @param now what time it is for the KDC, after an answer that has been believed
   */
  static Ticket ticket(
      KdcReply reply, ReplyContent content, KdcRequest request, PrincipalName client, Instant now)
      throws RefusedTokenException {
    if (content.nonce() != request.nonce()) {
      throw malformed("its nonce is of another request");
    }
    if (!reply.client().isSameAs(RawName.of(client))) {
      throw malformed("its ticket is for another client than " + client);
    }
    if (!content.service().isSameAs(reply.service())) {
      throw malformed("its ticket names another service than its sealed part");
    }
    PrincipalName service = content.service().decode();
    if (!service.equals(request.service()) && !isReferral(service, request)) {
      throw malformed(
          "its ticket is for " + quote(service.toString()) + ", and not for " + request.service());
    }
    if (content.isBound() && request.client() != null) {
      throw malformed("its ticket is bound to addresses, and the request named none");
    }
    requireLife(content, now);
    return new Ticket(
        client, service, reply.ticket().copy(), content.session(), content.flags(), content.life());
  }

  /** A ticket for the KDC of another realm, where that was asked for (RFC 6806 section 8). */
  private static boolean isReferral(PrincipalName service, KdcRequest request) {
    String realm = request.service().realm();
    return (request.options() & KdcRequest.CANONICALIZE) != 0
        && Realms.isGranting(service)
        && service.realm().equals(realm)
        && !Realms.grantedBy(service).equals(realm);
  }

  private static void requireLife(ReplyContent content, Instant now) throws RefusedTokenException {
    Ticket.Life life = content.life();
    if (content.flags().contains(TicketFlag.INVALID)) {
      throw malformed("its ticket is marked invalid");
    }
    if (life.startsAt().isAfter(now.plus(KdcClock.SKEW))) {
      throw malformed("its ticket begins at " + life.startsAt() + ", and it is " + now);
    }
    if (!life.endsAt().isAfter(life.startsAt()) || !life.endsAt().isAfter(now)) {
      throw malformed("its ticket ends at " + life.endsAt() + ", and it is " + now);
    }
  }
}
