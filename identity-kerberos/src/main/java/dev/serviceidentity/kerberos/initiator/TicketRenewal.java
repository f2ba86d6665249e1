// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.upkeep.CredentialHealth;
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.IdentityListeners;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a login fresh. The one in use stays in use until it really expires, however often a new one
 * could not be had. Readers never block; {@link #refresh} is for one thread.
 */
final class TicketRenewal<L extends Login> {
  /** When to try again, and how often that has failed. */
  private record Attempt(Instant at, int failures) {}

  /** All there is to know at one moment; the login is missing once this is closed. */
  private record State<L extends Login>(
      @Nullable L login,
      IdentitySnapshot identity,
      Attempt next,
      boolean expiryTold,
      CredentialHealth health) {

    State<L> afterFailure(Instant retryAt, CredentialHealth now) {
      return new State<>(
          login, identity, new Attempt(retryAt, next.failures + 1), expiryTold, now.after(health));
    }

    State<L> withoutLogin() {
      return new State<>(null, identity, next, expiryTold, health);
    }

    State<L> expired(CredentialHealth now) {
      return new State<>(login, identity, next, true, now.after(health));
    }
  }

  private static final System.Logger LOG = System.getLogger(TicketRenewal.class.getName());

  private final PrincipalName principal;
  private final Logins<L> logins;
  private final RefreshSchedule schedule;
  private final Clock clock;
  private final IdentityListeners listeners;
  private final AtomicReference<State<L>> state;

  /** Starts with a login that has just been made. */
  TicketRenewal(
      PrincipalName principal,
      Logins<L> logins,
      RefreshSchedule schedule,
      Clock clock,
      IdentityListeners listeners) {
    this.principal = principal;
    this.logins = logins;
    this.schedule = schedule;
    this.clock = clock;
    this.listeners = listeners;
    this.state = new AtomicReference<>(after(logins.next(), 1));
  }

  IdentitySnapshot identity() {
    return state().identity;
  }

  /**
   * The login in use.
   *
   * @throws IdentityException with code {@code EXPIRED} if it has expired
   */
  L login() {
    State<L> now = state();
    if (!clock.instant().isBefore(now.identity.expiresAt())) {
      throw new IdentityException(
          Code.EXPIRED,
          "The ticket of "
              + principal
              + " expired at "
              + now.identity.expiresAt()
              + " and could not be refreshed: "
              + now.health.detail());
    }
    if (now.login == null) {
      throw new IdentityException(
          Code.CLOSED, "The Kerberos identity of " + principal + " is closed; open a new one");
    }
    return now.login;
  }

  CredentialHealth health() {
    State<L> now = state();
    return now.expiryTold || clock.instant().isBefore(now.identity.expiresAt())
        ? now.health.servingUntil(now.identity.expiresAt())
        : expired(now);
  }

  /** Does what is due. Blocks while it speaks with a KDC. */
  void refresh() {
    State<L> before = state();
    if (before.login == null) {
      return;
    }
    Instant now = clock.instant();
    if (!before.expiryTold && !now.isBefore(before.identity.expiresAt())) {
      State<L> expired = before.expired(expired(before));
      if (!state.compareAndSet(before, expired)) {
        return; // Closed meanwhile.
      }
      before = expired;
      IdentitySnapshot gone = before.identity;
      listeners.expired(gone);
    }
    if (!now.isBefore(before.next.at) || logins.hasNews()) {
      renew(before);
    }
  }

  /** Gives up the login for good, whatever a refresh that is under way brings. */
  void forget() {
    state.updateAndGet(now -> Objects.requireNonNull(now).withoutLogin());
  }

  private void renew(State<L> before) {
    try {
      L login = logins.next();
      boolean isNew = !login.equals(before.login);
      State<L> renewed = isNew ? after(login, before.identity.generation() + 1) : again(before);
      if (!state.compareAndSet(before, renewed)) {
        return; // Closed meanwhile.
      }
      LOG.log(Level.DEBUG, "{0} has a ticket until {1}", principal, renewed.identity.expiresAt());
      if (before.next.failures > 0) {
        LOG.log(Level.INFO, "The ticket of {0} is refreshed again", principal);
      }
      if (isNew) {
        listeners.rotated(renewed.identity);
      }
    } catch (IdentityException failed) {
      failed(before, failed);
    } catch (RuntimeException broken) {
      // Whatever it is, it is tried again with patience, and health says so.
      failed(
          before,
          new IdentityException(
              Code.NOT_READY,
              "The ticket of "
                  + principal
                  + " could not be refreshed: "
                  + ForeignText.quote(broken.toString()),
              broken));
    }
  }

  private void failed(State<L> before, IdentityException failed) {
    Instant now = clock.instant();
    if (before.next.failures == 0) {
      LOG.log(Level.WARNING, "A ticket could not be refreshed; it will be tried again", failed);
    }
    String detail = String.valueOf(failed.getMessage());
    CredentialHealth trouble =
        now.isBefore(before.identity.expiresAt())
            ? CredentialHealth.degraded(detail, now)
            : CredentialHealth.down(detail, now);
    Instant retryAt = schedule.afterFailure(now, before.next.failures + 1);
    state.compareAndSet(before, before.afterFailure(retryAt, trouble));
    listeners.refreshFailed(before.identity, failed);
  }

  private State<L> after(L login, long generation) {
    Instant now = clock.instant();
    var identity =
        new IdentitySnapshot(principal.id(), login.startsAt(), login.expiresAt(), generation);
    return new State<>(
        login,
        identity,
        new Attempt(schedule.afterSuccess(now, login.expiresAt()), 0),
        false,
        up(login, now));
  }

  /** The same login is refreshed when it would have been, however often its file is touched. */
  private State<L> again(State<L> before) {
    Instant now = clock.instant();
    Attempt next =
        before.next.failures == 0
            ? before.next
            : new Attempt(schedule.afterSuccess(now, before.identity.expiresAt()), 0);
    CredentialHealth health = up(Objects.requireNonNull(before.login), now).after(before.health);
    return new State<>(before.login, before.identity, next, before.expiryTold, health);
  }

  private static CredentialHealth up(Login login, Instant now) {
    String remark = login.remark().isEmpty() ? "" : ", " + login.remark();
    return CredentialHealth.up("ticket until " + login.expiresAt() + remark, now);
  }

  private static CredentialHealth expired(State<?> state) {
    Instant end = state.identity.expiresAt();
    return CredentialHealth.down(
        "The ticket expired at " + end + ". " + state.health.detail(), end);
  }

  private State<L> state() {
    return Objects.requireNonNull(state.get());
  }
}
