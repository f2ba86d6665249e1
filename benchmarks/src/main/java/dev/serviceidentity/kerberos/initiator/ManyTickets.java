// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An identity's store of tickets for services, with the threads and the schedule that an identity
 * has, and a clock of the caller's; the KDC is asked by the system's. In the store's package, where
 * it is within reach.
 */
public final class ManyTickets implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final AtomicReference<NativeLogin> login = new AtomicReference<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Exchanges exchanges = new Exchanges("refresh-of-many", PATIENCE);
  private final KdcClient client;
  private final TicketStore store;

  /**
   * Without any ticket.
   *
   * @param client asks the KDC
   * @param clock the store's
   */
  public ManyTickets(KdcClient client, Clock clock) {
    this.client = client;
    this.store =
        new TicketStore(
            login::get,
            new TicketSource(this::ask, client::clockOffset),
            new RefreshSchedule(new SecureRandom()::nextDouble),
            clock,
            exchanges);
  }

  /**
   * Replaces the login.
   *
   * @param granting its ticket
   */
  public void login(Ticket granting) {
    login.set(NativeLogin.of(granting, client.clockOffset(), ""));
  }

  /**
   * A ticket as an identity has it.
   *
   * @param service for whom
   * @return the same one until it is replaced
   */
  public Object ticketFor(PrincipalName service) {
    return store.ticketFor(service);
  }

  /** Begins what is due, as an identity does each second. */
  public void refresh() {
    store.refresh();
  }

  /**
   * Waits until all that has begun has ended.
   *
   * @return how many exchanges have ended since this began to count
   */
  public int await() {
    // Exchanges begin in the order in which they were asked for.
    exchanges.begin(Exchanges.Lane.OWN_REALM, () -> true).join();
    while (ended.get() < begun.get()) {
      Thread.onSpinWait();
    }
    return ended.get();
  }

  /**
   * How many exchanges were under way at once.
   *
   * @return the most so far
   */
  public int most() {
    return most.get();
  }

  @Override
  public void close() {
    store.forget();
  }

  private Ticket ask(Ticket granting, PrincipalName service) {
    int now = begun.incrementAndGet() - ended.get();
    most.accumulateAndGet(now, Math::max);
    try {
      return client.ticket(granting, service);
    } finally {
      ended.incrementAndGet();
    }
  }
}
