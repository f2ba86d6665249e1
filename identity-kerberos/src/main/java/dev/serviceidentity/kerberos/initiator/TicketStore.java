// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.initiator.Exchanges.Lane;
import dev.serviceidentity.kerberos.initiator.KnownService.Flight;
import dev.serviceidentity.kerberos.initiator.KnownService.Held;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Tickets for services, each asked for once for all who wait, and replaced in the background while
 * it is in use. A ticket serves until it expires, whatever became of the login that it was made
 * with. What has failed is not asked again for some seconds. Thread-safe; nothing is locked while a
 * KDC is asked.
 */
final class TicketStore implements ServiceTickets {
  /** Beyond that, what was used longest ago is given up. */
  static final int MOST = 1024;

  /** Services of the own realm without a ticket; no ticket is ever given up for one. */
  static final int MOST_WITHOUT = 256;

  /** The same of other realms, which thus take no room from those of the own one. */
  static final int MOST_FOREIGN_WITHOUT = 64;

  /** Who waits for a first ticket is not put off for longer than three failures make it. */
  private static final int MOST_COLD_FAILURES = 3;

  private static final System.Logger LOG = System.getLogger(TicketStore.class.getName());

  private final Supplier<NativeLogin> logins;
  private final TicketSource source;
  private final RefreshSchedule schedule;
  private final Clock clock;
  private final Exchanges exchanges;
  private final Map<PrincipalName, KnownService> known = new ConcurrentHashMap<>();

  /**
   * Without any ticket.
   *
   * @param logins the login in use; does not block
   */
  TicketStore(
      Supplier<NativeLogin> logins,
      TicketSource source,
      RefreshSchedule schedule,
      Clock clock,
      Exchanges exchanges) {
    this.logins = logins;
    this.source = source;
    this.schedule = schedule;
    this.clock = clock;
    this.exchanges = exchanges;
  }

  @Override
  public OutgoingTicket ticketFor(PrincipalName service) {
    Instant now = clock.instant();
    KnownService found = known.get(service);
    OutgoingTicket ticket = found == null ? null : found.use(now);
    return ticket == null ? demand(service, now) : ticket;
  }

  @Override
  public Duration clockOffset() {
    return source.clockOffset().get();
  }

  /** Begins what is due, and drops what is over. Does not block. */
  void refresh() {
    Instant now = clock.instant();
    known.forEach(
        (service, entry) -> {
          if (entry.isOver(now)) {
            known.remove(service, entry);
          }
        });
    try {
      NativeLogin login = logins.get();
      known.forEach(
          (service, entry) -> {
            if (entry.gainsBy(login, now)) {
              renew(service, login, now);
            }
          });
    } catch (IdentityException none) {
      LOG.log(Level.DEBUG, "Without a login no ticket is replaced", none);
    }
  }

  /** Gives up all tickets, and lets nobody wait any longer. */
  void forget() {
    abandon(); // Before what is under way ends with an interrupt, which is not why.
    exchanges.stop();
    abandon();
    known.clear();
  }

  private void abandon() {
    known.values().forEach(entry -> entry.abandon(Exchanges.closed()));
  }

  int size() {
    return known.size();
  }

  private OutgoingTicket demand(PrincipalName service, Instant now) {
    Flight flight = Flight.demanded(logins.get());
    if (!known.containsKey(service)) {
      requireRoom(laneOf(service, flight.login()), flight.login());
    }
    KnownService entry =
        Objects.requireNonNull(
            known.compute(
                service, (name, before) -> KnownService.demanded(before, flight, now).joined()));
    try {
      if (entry.isUnder(flight)) {
        begin(service, flight);
      }
      String what =
          "The KDC gave no ticket of " + flight.login().granting().client() + " for " + service;
      return exchanges.await(entry.outcome(now), what);
    } finally {
      entry.leave();
    }
  }

  private static Lane laneOf(PrincipalName service, NativeLogin login) {
    return service.realm().equals(login.granting().client().realm())
        ? Lane.OWN_REALM
        : Lane.OTHER_REALMS;
  }

  private void renew(PrincipalName service, NativeLogin login, Instant now) {
    Flight flight = Flight.ahead(login);
    KnownService entry =
        known.computeIfPresent(
            service, (name, before) -> before.gainsBy(login, now) ? before.under(flight) : before);
    if (entry != null && entry.isUnder(flight)) {
      begin(service, flight);
    }
  }

  private void begin(PrincipalName service, Flight flight) {
    var unused =
        exchanges
            .begin(
                laneOf(service, flight.login()),
                () -> {
                  requireWanted(service, flight);
                  return source.tickets().apply(flight.login().granting(), service);
                })
            .whenComplete(
                (ticket, failed) -> {
                  if (ticket == null) {
                    fail(service, flight, Exchanges.cause(failed));
                    return;
                  }
                  try {
                    land(service, flight, ticket);
                  } catch (RuntimeException | Error broken) {
                    // Nobody else sees it, and the service would be under way for ever.
                    fail(service, flight, broken);
                  }
                });
  }

  private void land(PrincipalName service, Flight flight, Ticket ticket) {
    Instant now = clock.instant();
    Instant expiresAt = ticket.life().endsAt().minus(clockOffset());
    if (!expiresAt.isAfter(now)) {
      fail(service, flight, late(service, expiresAt));
      return;
    }
    var held = new Held(OutgoingTicket.of(ticket), expiresAt, now);
    settle(service, flight, entry -> entry.landed(held, schedule.afterSuccess(now, expiresAt)));
    makeRoom();
    flight.landing().complete(held.ticket());
  }

  private static IdentityException late(PrincipalName service, Instant expiresAt) {
    return new IdentityException(
        Code.EXPIRED,
        "The ticket for "
            + service
            + " had ended at "
            + expiresAt
            + " when it came: the own ticket was at its end. Try again.");
  }

  private void fail(PrincipalName service, Flight flight, Throwable cause) {
    Instant now = clock.instant();
    settle(
        service,
        flight,
        entry -> {
          boolean serves = entry.isValidAt(now);
          if (serves && entry.failures() == 0) {
            LOG.log(Level.WARNING, "The ticket in use serves on; it will be tried again", cause);
          }
          int failures = entry.failures() + 1;
          return entry.failed(
              flight.login(),
              cause,
              schedule.afterFailure(
                  now, serves ? failures : Math.min(failures, MOST_COLD_FAILURES)));
        });
    flight.landing().completeExceptionally(cause);
  }

  private void settle(PrincipalName service, Flight flight, UnaryOperator<KnownService> change) {
    known.computeIfPresent(
        service, (name, entry) -> entry.isUnder(flight) ? change.apply(entry) : entry);
  }

  /** Who has stopped waiting while it stood in the queue needs no exchange any more. */
  private void requireWanted(PrincipalName service, Flight flight) {
    KnownService left =
        known.computeIfPresent(
            service, (name, entry) -> entry.isUnderInVain(flight) ? null : entry);
    if (left == null || !left.isUnder(flight)) {
      throw new IdentityException(
          Code.NOT_READY, "Nobody waited any longer for a ticket for " + service + ". Try again.");
    }
  }

  /** Room for one more without a ticket: in place of another such, or not at all. */
  private void requireRoom(Lane lane, NativeLogin login) {
    int most = lane == Lane.OWN_REALM ? MOST_WITHOUT : MOST_FOREIGN_WITHOUT;
    List<Map.Entry<PrincipalName, KnownService>> without =
        known.entrySet().stream()
            .filter(entry -> !entry.getValue().hasTicket())
            .filter(entry -> laneOf(entry.getKey(), login) == lane)
            .toList();
    if (without.size() >= most && !dropOldest(without.stream())) {
      throw new IdentityException(
          Code.NOT_READY,
          "The KDC is being asked for tickets for "
              + without.size()
              + " other services: it is slow, or very many services are called that were not"
              + " called before. Try again, and look at the KDC.");
    }
  }

  private void makeRoom() {
    if (known.size() <= MOST) {
      return;
    }
    List<Map.Entry<PrincipalName, KnownService>> held =
        known.entrySet().stream().filter(entry -> entry.getValue().hasTicket()).toList();
    if (held.size() > MOST) {
      dropOldest(held.stream());
    }
  }

  /** Returns whether there was one that is not under way. */
  private boolean dropOldest(Stream<Map.Entry<PrincipalName, KnownService>> some) {
    var oldest =
        some.filter(entry -> !entry.getValue().isUnderWay())
            .min(Comparator.comparingLong(entry -> entry.getValue().used()));
    oldest.ifPresent(entry -> known.remove(entry.getKey(), entry.getValue()));
    return oldest.isPresent();
  }
}
