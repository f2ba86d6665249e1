// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;

/** Tokens made here, of tickets that are kept here. */
final class NativeTokens implements Outgoing {
  private final Initiator initiator;
  private final TicketStore tickets;

  NativeTokens(Initiator initiator, TicketStore tickets) {
    this.initiator = initiator;
    this.tickets = tickets;
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    return initiator.credentialsFor(target);
  }

  @Override
  public void refresh() {
    tickets.refresh();
  }

  @Override
  public void forget() {
    tickets.forget();
  }
}
