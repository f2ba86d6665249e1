// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.initiator.Exchanges.Lane;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.IdentityRuntime;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Logs in for the first time, and makes what keeps the login fresh and calls others with it. Used
 * once.
 */
public final class FirstLogin {
  private final PrincipalName principal;
  private final Clock clock;
  private final IdentityListeners listeners;
  private final Exchanges exchanges;
  private final RefreshSchedule schedule;

  /**
   * Prepares, and asks no KDC.
   *
   * @param principal who logs in
   * @param threads the name of those that ask KDCs
   * @param runtime whose clock counts, and who says how long one may wait for a KDC
   * @param listeners who hears of later logins
   */
  public FirstLogin(
      PrincipalName principal,
      String threads,
      IdentityRuntime runtime,
      IdentityListeners listeners) {
    this.principal = principal;
    this.clock = runtime.clock();
    this.listeners = listeners;
    this.exchanges = new Exchanges(threads, runtime.openTimeout());
    var random = new SecureRandom();
    this.schedule = new RefreshSchedule(random::nextDouble);
  }

  /**
   * Logs in by a client of KDCs of ours, which also gets the tickets for services.
   *
   * @param config where the KDCs are
   * @param logins where logins by that client come from
   * @return what calls others
   * @throws IdentityException if there is no login in time
   */
  public OwnCredential byOurs(
      KerberosConfig config, Function<KdcClient, Logins<NativeLogin>> logins) {
    var random = new RandomOctets(new SecureRandom());
    var client = new KdcClient(config, random, clock);
    TicketRenewal<NativeLogin> renewal = first(logins.apply(client));
    var source = new TicketSource(client::ticket, client::clockOffset);
    var tickets = new TicketStore(renewal::login, source, schedule, clock, exchanges);
    var initiator =
        new Initiator(
            target -> ServicePrincipal.of(target, principal.realm(), config),
            tickets,
            clock,
            random);
    return new OwnCredential.Tickets(principal, renewal, new NativeTokens(initiator, tickets));
  }

  /**
   * Logs in by another client.
   *
   * @param <L> its logins
   * @param logins where they come from
   * @param tokens makes a token for a service with the login in use
   * @return what calls others
   * @throws IdentityException if there is no login in time
   */
  public <L extends Login> OwnCredential by(
      Logins<L> logins, BiFunction<Target, L, RequestCredentials> tokens) {
    TicketRenewal<L> renewal = first(logins);
    return new OwnCredential.Tickets(
        principal, renewal, target -> tokens.apply(target, renewal.login()));
  }

  /** Interrupts what is under way and begins nothing more. */
  public void stop() {
    exchanges.stop();
  }

  /** Logs in where the caller waits no longer than it may. */
  private <L extends Login> TicketRenewal<L> first(Logins<L> logins) {
    return exchanges.await(
        exchanges.begin(
            Lane.OWN_REALM,
            () -> new TicketRenewal<>(principal, logins, schedule, clock, listeners)),
        "The KDC of " + principal.realm() + " gave no ticket for " + principal);
  }
}
