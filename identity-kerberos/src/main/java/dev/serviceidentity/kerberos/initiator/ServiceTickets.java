// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import java.time.Duration;

/** Where the initiator gets tickets from. Thread-safe. */
public interface ServiceTickets {
  /**
   * A ticket that is valid now; blocks only where none is kept.
   *
   * @param service for whom
   * @return the same object for as long as it is the same ticket, so that what it has prepared is
   *     prepared once
   * @throws IdentityException if there is none
   */
  OutgoingTicket ticketFor(PrincipalName service);

  /**
   * What the KDC's clock is ahead of ours, as last learned.
   *
   * @return negative if it is behind
   */
  Duration clockOffset();
}
