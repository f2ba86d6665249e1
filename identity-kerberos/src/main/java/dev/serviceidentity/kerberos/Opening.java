// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.BackgroundThread;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.IdentityRuntime;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Opens an identity, and leaves nothing open if that fails. */
final class Opening {
  private final KeytabFile file;
  private final PrincipalName principal;
  private final IdentityRuntime runtime;
  private final Runnable closeOwner;
  private final IdentityListeners listeners = new IdentityListeners(MechanismName.KERBEROS);
  private final BackgroundThread thread;

  /**
   * Prepares, and opens nothing.
   *
   * @param closeOwner closes the runtime where it belongs to the identity alone
   */
  Opening(KeytabFile file, IdentityRuntime runtime, Runnable closeOwner) {
    this.file = file;
    this.principal = file.principal();
    this.runtime = runtime;
    this.closeOwner = closeOwner;
    this.thread = new BackgroundThread("identity-kerberos-" + principal.name());
  }

  KerberosIdentity open(boolean acceptOnly, Function<ServiceKeys, Acceptor> acceptors) {
    boolean open = false;
    try {
      AcceptorKeys keys = AcceptorKeys.open(file, acceptors, runtime.clock());
      OwnCredential own =
          acceptOnly
              ? new OwnCredential.KeytabOnly(principal, runtime.clock().instant())
              : new OwnCredential.Tickets(principal, firstTicket());
      var upkeep =
          new Upkeep(
              runtime,
              thread,
              () -> {
                keys.upkeep();
                own.refresh();
              });
      open = true;
      return new KerberosIdentity(keys, own, listeners, () -> close(upkeep::stop), runtime.clock());
    } finally {
      if (!open) {
        close(() -> {});
      }
    }
  }

  private void close(Runnable timer) {
    timer.run();
    thread.close();
    listeners.close();
    closeOwner.run();
  }

  /** Logs in on the thread that will refresh, so that the caller waits no longer than it may. */
  private TicketRenewal firstTicket() {
    var first = new CompletableFuture<TicketRenewal>();
    var random = new SplittableRandom();
    thread.execute(
        () ->
            first.completeAsync(
                () ->
                    new TicketRenewal(
                        principal,
                        () -> Login.from(principal, file.path()),
                        new RefreshSchedule(random::nextDouble),
                        runtime.clock(),
                        listeners),
                Runnable::run));
    return await(first);
  }

  private TicketRenewal await(CompletableFuture<TicketRenewal> first) {
    try {
      return first.get(runtime.openTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw notReady("within " + runtime.openTimeout(), late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw notReady("before this thread was interrupted", interrupted);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IdentityException known) {
        throw known;
      }
      throw new IllegalStateException("The first login of " + principal + " failed", failed);
    }
  }

  private IdentityException notReady(String when, Exception cause) {
    return new IdentityException(
        Code.NOT_READY,
        "The KDC of "
            + principal.realm()
            + " gave no ticket for "
            + principal
            + " "
            + when
            + ". Check the addresses in the JVM's krb5.conf and the network policies towards port"
            + " 88; kdc_timeout and max_retries there say how long the JDK waits for each KDC.",
        cause);
  }
}
