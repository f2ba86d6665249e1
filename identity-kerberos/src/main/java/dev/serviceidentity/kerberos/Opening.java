// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.kerberos.acceptor.Callers;
import dev.serviceidentity.kerberos.initiator.CacheLogins;
import dev.serviceidentity.kerberos.initiator.FirstLogin;
import dev.serviceidentity.kerberos.initiator.KeytabLogins;
import dev.serviceidentity.kerberos.initiator.Logins;
import dev.serviceidentity.kerberos.initiator.NativeLogin;
import dev.serviceidentity.kerberos.initiator.OwnCredential;
import dev.serviceidentity.kerberos.jgss.JgssInitiator;
import dev.serviceidentity.kerberos.jgss.JgssLogin;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.upkeep.Upkeep;
import dev.serviceidentity.spi.BackgroundThread;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.IdentityRuntime;
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
  private final FirstLogin login;

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
    this.login = new FirstLogin(principal, name + "-tickets", runtime, listeners);
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
    login.stop();
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
      return login.byOurs(chosen.config(), this::logins);
    }
    return choice.tickets() instanceof Choice.JgssTickets
        ? ofTheJdks(Objects.requireNonNull(choice.keytab()))
        : new OwnCredential.KeytabOnly(principal, clock.instant());
  }

  private Logins<NativeLogin> logins(KdcClient client) {
    if (choice.cache() == null) {
      return new KeytabLogins(Objects.requireNonNull(choice.keytab()), client, clock);
    }
    choice.cache().warnIfExposed();
    return new CacheLogins(choice.cache(), principal, client, clock);
  }

  private OwnCredential ofTheJdks(KeytabFile keytab) {
    return login.by(
        () -> JgssLogin.from(principal, keytab.path()),
        new JgssInitiator(principal)::credentialsFor);
  }
}
