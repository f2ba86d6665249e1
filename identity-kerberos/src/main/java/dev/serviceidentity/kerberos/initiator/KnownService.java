// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.kerberos.token.OutgoingTicket;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one service: a ticket, an exchange that is under way, why there is none. Each
 * change makes another one; only when it was last used is a hint that is written in place.
 */
final class KnownService {
  /** How long it counts that something has failed before. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  /**
   * A ticket, with its end by our clock.
   *
   * @param ticket what tokens are made of
   * @param expiresAt until when
   * @param since when it came
   */
  record Held(OutgoingTicket ticket, Instant expiresAt, Instant since) {}

  /**
   * An exchange for all who wait for it.
   *
   * @param login what it is made with
   * @param landing how it ends
   * @param waiting how many wait for it
   */
  record Flight(
      NativeLogin login, CompletableFuture<OutgoingTicket> landing, AtomicInteger waiting) {
    /** For callers, each of whom says when to wait and when no longer. */
    static Flight demanded(NativeLogin login) {
      return new Flight(login, new CompletableFuture<>(), new AtomicInteger());
    }

    /** For callers to come: it is always wanted. */
    static Flight ahead(NativeLogin login) {
      return new Flight(login, new CompletableFuture<>(), new AtomicInteger(1));
    }
  }

  /** What is to be done next, and how often that has failed. */
  private record Attempt(Instant at, int failures) {}

  /** Why there is no newer ticket, and with which login there was none. */
  private record Failure(NativeLogin login, Throwable cause) {}

  private final @Nullable Held held;
  private final @Nullable Flight flight;
  private final @Nullable Failure failure;
  private final Attempt next;
  private volatile long used;

  private KnownService(
      @Nullable Held held,
      @Nullable Flight flight,
      @Nullable Failure failure,
      Attempt next,
      long used) {
    this.held = held;
    this.flight = flight;
    this.failure = failure;
    this.next = next;
    this.used = used;
  }

  /** Demands a ticket: the one that is there, or what an exchange brings, this one if need be. */
  static KnownService demanded(@Nullable KnownService before, Flight flight, Instant now) {
    if (before == null) {
      return new KnownService(null, flight, null, new Attempt(now, 0), now.toEpochMilli());
    }
    boolean settles =
        before.isValidAt(now) || before.isUnderWay() || before.hasJustFailed(flight.login, now);
    return settles ? before : before.under(flight);
  }

  /** Its ticket, if it is valid. */
  @Nullable OutgoingTicket use(Instant now) {
    if (held == null || !now.isBefore(held.expiresAt)) {
      return null;
    }
    long millis = now.toEpochMilli();
    if (used != millis) {
      used = millis;
    }
    return held.ticket;
  }

  /** What whoever demands a ticket waits for. */
  CompletableFuture<OutgoingTicket> outcome(Instant now) {
    if (held != null && now.isBefore(held.expiresAt)) {
      return CompletableFuture.completedFuture(held.ticket);
    }
    return flight != null
        ? flight.landing
        : CompletableFuture.failedFuture(Objects.requireNonNull(failure).cause);
  }

  /** One more waits for what is under way. */
  KnownService joined() {
    if (flight != null) {
      flight.waiting.incrementAndGet();
    }
    return this;
  }

  /** One who has joined waits no longer. */
  void leave() {
    if (flight != null) {
      flight.waiting.decrementAndGet();
    }
  }

  /** Lets nobody wait for it any longer. */
  void abandon(Throwable why) {
    if (flight != null) {
      flight.landing.completeExceptionally(why);
    }
  }

  KnownService under(Flight begun) {
    return new KnownService(held, begun, failure, next, used);
  }

  KnownService landed(Held brought, Instant refreshAt) {
    return new KnownService(brought, null, null, new Attempt(refreshAt, 0), used);
  }

  KnownService failed(NativeLogin login, Throwable cause, Instant retryAt) {
    var attempt = new Attempt(retryAt, next.failures + 1);
    return new KnownService(held, null, new Failure(login, cause), attempt, used);
  }

  boolean isUnder(Flight one) {
    return one.equals(flight);
  }

  boolean isUnderInVain(Flight one) {
    return isUnder(one) && one.waiting.get() == 0;
  }

  boolean isUnderWay() {
    return flight != null;
  }

  /** Whether there is one, be it valid or not. */
  boolean hasTicket() {
    return held != null;
  }

  boolean isValidAt(Instant now) {
    return held != null && now.isBefore(held.expiresAt);
  }

  int failures() {
    return next.failures;
  }

  /** Whether a ticket that is in use should be replaced now, and this login can do that. */
  boolean gainsBy(NativeLogin login, Instant now) {
    return held != null
        && !isUnderWay()
        && isValidAt(now)
        && !now.isBefore(next.at)
        && used > held.since.toEpochMilli()
        && login.granting().life().endsAt().isAfter(held.ticket.ticket().life().endsAt());
  }

  /** Whether nothing here is of any use any more. */
  boolean isOver(Instant now) {
    return !isUnderWay() && !isValidAt(now) && now.isAfter(next.at.plus(REMEMBERED));
  }

  /** When it was last used, as a hint: what was used longest ago is given up first. */
  long used() {
    return used;
  }

  private boolean hasJustFailed(NativeLogin login, Instant now) {
    return failure != null && failure.login == login && now.isBefore(next.at);
  }
}
