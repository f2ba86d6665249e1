// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.time.Duration;
import java.util.List;

/**
 * What was in a credential cache at one time.
 *
 * @param client whose cache it is
 * @param tickets in the order in which they were stored: of two for one service, the later is the
 *     newer
 * @param clockOffset what the clock of the KDC was ahead of the one of this machine at the login
 * @param leftOut tickets that cannot be used here, each with the reason
 */
public record CredentialCache(
    PrincipalName client, List<Ticket> tickets, Duration clockOffset, List<String> leftOut) {
  /**
   * Copies the lists.
   *
   * @param client whose cache it is
   * @param tickets in the order in which they were stored: of two for one service, the later is the
   *     newer
   * @param clockOffset what the clock of the KDC was ahead of the one of this machine at the login
   * @param leftOut tickets that cannot be used here, each with the reason
   */
  public CredentialCache {
    tickets = List.copyOf(tickets);
    leftOut = List.copyOf(leftOut);
  }
}
