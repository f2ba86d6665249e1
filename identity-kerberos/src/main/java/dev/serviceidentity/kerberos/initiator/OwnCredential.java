// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.upkeep.CredentialHealth;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.time.Instant;

/** The two ways of being somebody: with tickets for others, or with a keytab alone. */
public sealed interface OwnCredential {
  /**
   * Who it is.
   *
   * @return the principal
   */
  PrincipalName principal();

  /**
   * The identity in use.
   *
   * @return it, be it valid or not
   */
  IdentitySnapshot identity();

  /**
   * Makes a token for one request.
   *
   * @param target the service to call
   * @return the field, whose answer proves the service
   * @throws IdentityException if there is no ticket for it
   */
  RequestCredentials credentialsFor(Target target);

  /**
   * How it does.
   *
   * @return its health
   */
  CredentialHealth health();

  /** Does what is due; blocks. */
  void refresh();

  /** Gives up all tickets for good. */
  void forget();

  /** With a ticket-granting ticket. */
  final class Tickets implements OwnCredential {
    private final PrincipalName principal;
    private final TicketRenewal<?> renewal;
    private final Outgoing outgoing;

    Tickets(PrincipalName principal, TicketRenewal<?> renewal, Outgoing outgoing) {
      this.principal = principal;
      this.renewal = renewal;
      this.outgoing = outgoing;
    }

    @Override
    public PrincipalName principal() {
      return principal;
    }

    @Override
    public IdentitySnapshot identity() {
      return renewal.identity();
    }

    @Override
    public RequestCredentials credentialsFor(Target target) {
      return outgoing.credentialsFor(target);
    }

    @Override
    public CredentialHealth health() {
      return renewal.health();
    }

    @Override
    public void refresh() {
      renewal.refresh();
      outgoing.refresh();
    }

    @Override
    public void forget() {
      renewal.forget();
      outgoing.forget();
    }
  }

  /** With a keytab alone. */
  final class KeytabOnly implements OwnCredential {
    /** The last instant that a KerberosTime can say (RFC 4120 section 5.2.3). */
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private final PrincipalName principal;
    private final IdentitySnapshot identity;

    /**
     * Without a ticket.
     *
     * @param principal who it is
     * @param now since when
     */
    public KeytabOnly(PrincipalName principal, Instant now) {
      this.principal = principal;
      this.identity = new IdentitySnapshot(principal.id(), now, END_OF_TIME, 1);
    }

    @Override
    public PrincipalName principal() {
      return principal;
    }

    @Override
    public IdentitySnapshot identity() {
      return identity;
    }

    @Override
    public RequestCredentials credentialsFor(Target target) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "The Kerberos identity of "
              + principal
              + " was opened with acceptOnly() and has no ticket for "
              + target
              + "; open it without");
    }

    @Override
    public CredentialHealth health() {
      return CredentialHealth.up("accepts only", identity.notBefore());
    }

    @Override
    public void refresh() {}

    @Override
    public void forget() {}
  }
}
