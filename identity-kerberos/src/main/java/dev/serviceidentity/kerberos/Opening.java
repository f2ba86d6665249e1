// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.kerberos.Exchanges.Lane;
import dev.serviceidentity.kerberos.acceptor.Callers;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.upkeep.Upkeep;
import dev.serviceidentity.spi.BackgroundThread;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.IdentityRuntime;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;

/** Opens an identity, and leaves nothing open if that fails. */
final class Opening {
  private final Choice choice;
  private final PrincipalName principal;
  private final IdentityRuntime runtime;
  private final Clock clock;
  private final Runnable closeOwner;
  private final IdentityListeners listeners = new IdentityListeners(MechanismName.KERBEROS);
  // Two, so that a KDC or a file that hangs stops no more than its own side.
  private final BackgroundThread inboundThread;
  private final BackgroundThread outboundThread;
  private final Exchanges exchanges;
  private final RefreshSchedule schedule;

  /**
   * Prepares, and opens nothing.
   *
   * @param closeOwner closes the runtime where it belongs to the identity alone
   */
  Opening(Choice choice, IdentityRuntime runtime, Runnable closeOwner) {
    this.choice = choice;
    this.principal = choice.principal();
    this.runtime = runtime;
    this.clock = runtime.clock();
    this.closeOwner = closeOwner;
    String name = "identity-kerberos-" + principal.name();
    this.inboundThread = new BackgroundThread(name + "-callers");
    this.outboundThread = new BackgroundThread(name);
    this.exchanges = new Exchanges(name + "-tickets", runtime.openTimeout());
    var random = new SecureRandom();
    this.schedule = new RefreshSchedule(random::nextDouble);
  }

  KerberosIdentity open() {
    boolean open = false;
    try {
      Callers callers = callers();
      OwnCredential own = own();
      var inbound = new Upkeep(runtime, inboundThread, callers::refresh);
      var outbound = new Upkeep(runtime, outboundThread, own::refresh);
      open = true;
      Runnable timers =
          () -> {
            inbound.stop();
            outbound.stop();
          };
      return new KerberosIdentity(callers, own, listeners, () -> close(timers), clock);
    } finally {
      if (!open) {
        close(() -> {});
      }
    }
  }

  private void close(Runnable timers) {
    timers.run();
    inboundThread.close();
    outboundThread.close();
    exchanges.stop();
    listeners.close();
    closeOwner.run();
  }

  private Callers callers() {
    KeytabFile keytab = choice.keytab();
    return keytab == null
        ? new Callers.Refused(principal, clock.instant())
        : Callers.Judged.open(principal, keytab, choice.acceptors().apply(keytab, clock), clock);
  }

  private OwnCredential own() {
    if (choice.tickets() instanceof Choice.NativeTickets chosen) {
      return ofOurs(chosen);
    }
    return choice.tickets() instanceof Choice.JgssTickets
        ? ofTheJdks(Objects.requireNonNull(choice.keytab()))
        : new OwnCredential.KeytabOnly(principal, clock.instant());
  }

  private OwnCredential ofOurs(Choice.NativeTickets chosen) {
    var random = new RandomOctets(new SecureRandom());
    var client = new KdcClient(chosen.config(), random, clock);
    TicketRenewal<NativeLogin> renewal = first(logins(client));
    var source = new TicketSource(client::ticket, client::clockOffset);
    var tickets = new TicketStore(renewal::login, source, schedule, clock, exchanges);
    var initiator =
        new Initiator(
            target -> ServicePrincipal.of(target, principal.realm(), chosen.config()),
            tickets,
            clock,
            random);
    return new OwnCredential.Tickets(principal, renewal, new NativeTokens(initiator, tickets));
  }

  private Logins<NativeLogin> logins(KdcClient client) {
    if (choice.cache() == null) {
      return new KeytabLogins(Objects.requireNonNull(choice.keytab()), client, clock);
    }
    choice.cache().warnIfExposed();
    return new CacheLogins(choice.cache(), principal, client, clock);
  }

  private OwnCredential ofTheJdks(KeytabFile keytab) {
    TicketRenewal<JgssLogin> renewal = first(() -> JgssLogin.from(principal, keytab.path()));
    var initiator = new JgssInitiator(principal);
    return new OwnCredential.Tickets(
        principal, renewal, target -> initiator.credentialsFor(target, renewal.login()));
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
