// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ticket;

import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as its client has it: sealed for the service, beside what the KDC told the client of its
 * content (EncKDCRepPart, RFC 4120 section 5.4.2). Holds the session key and shows it nowhere.
 * Immutable.
 */
public final class Ticket {
  private final PrincipalName client;
  private final PrincipalName service;
  private final byte[] sealed;
  private final ProtocolKey sessionKey;
  private final Set<TicketFlag> flags;
  private final Life life;

  /**
   * The times of a ticket, by the clock of the KDC.
   *
   * @param authenticatedAt when the client proved itself to its KDC
   * @param startsAt from when it is valid
   * @param endsAt until when it is valid
   * @param renewableUntil until when the KDC gives a later one for it; null if never
   */
  public record Life(
      Instant authenticatedAt,
      Instant startsAt,
      Instant endsAt,
      @Nullable Instant renewableUntil) {}

  /**
   * A ticket.
   *
   * @param client whose it is
   * @param service for whom it is sealed
   * @param sealed the Ticket, in DER (RFC 4120 section 5.3); copied
   * @param sessionKey what client and service share
   * @param flags what the KDC says of it
   * @param life its times
   */
  public Ticket(
      PrincipalName client,
      PrincipalName service,
      byte[] sealed,
      ProtocolKey sessionKey,
      Set<TicketFlag> flags,
      Life life) {
    this.client = Objects.requireNonNull(client, "client");
    this.service = Objects.requireNonNull(service, "service");
    this.sealed = sealed.clone();
    this.sessionKey = Objects.requireNonNull(sessionKey, "sessionKey");
    this.flags = Set.copyOf(flags);
    this.life = Objects.requireNonNull(life, "life");
  }

  /**
   * Whose it is.
   *
   * @return the client
   */
  public PrincipalName client() {
    return client;
  }

  /**
   * For whom it is sealed.
   *
   * @return the service, which is {@code krbtgt/REALM} for a ticket-granting ticket
   */
  public PrincipalName service() {
    return service;
  }

  /**
   * The Ticket as it goes over the wire.
   *
   * @return a copy, in DER
   */
  public byte[] sealed() {
    return sealed.clone();
  }

  /**
   * What client and service share.
   *
   * @return the key
   */
  public ProtocolKey sessionKey() {
    return sessionKey;
  }

  /**
   * What the KDC says of it.
   *
   * @return immutable
   */
  public Set<TicketFlag> flags() {
    return flags;
  }

  /**
   * Its times.
   *
   * @return by the clock of the KDC
   */
  public Life life() {
    return life;
  }

  /**
   * Until when a KDC gives a later ticket for this one.
   *
   * @return empty if it cannot be renewed
   */
  public Optional<Instant> renewableUntil() {
    return Optional.ofNullable(life.renewableUntil());
  }

  /** Returns the names and the end, and no secret. */
  @Override
  public String toString() {
    return "Ticket[" + client + " for " + service + " until " + life.endsAt() + "]";
  }
}
