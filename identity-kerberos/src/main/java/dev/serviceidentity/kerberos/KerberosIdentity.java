// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.kerberos.acceptor.Callers;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.initiator.OwnCredential;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.upkeep.CredentialHealth;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.spi.IdentityListeners;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A service's Kerberos identity, from its keytab or a credential cache: makes {@code Authorization:
 * Negotiate} tokens for other services, with mutual authentication, and verifies those of callers.
 *
 * <pre>{@code
 * try (var orders = KerberosIdentity.builder()
 *     .principal("HTTP/orders.shop@SHOP.EXAMPLE")
 *     .keytab(Path.of("/etc/krb/orders.keytab"))
 *     .open()) {
 *   RequestCredentials mine = orders.credentialsFor(Target.of(URI.create("https://stock.shop")));
 *   Verification caller = orders.callers().verify(evidence);
 * }
 * }</pre>
 *
 * <p><b>Configuration.</b> Belongs to this identity alone: no setting of the JVM is read or
 * written. Callers are verified with the keytab. Tickets come from the KDCs that {@link
 * KerberosIdentityBuilder#config} or {@link KerberosIdentityBuilder#krb5Conf} name; without either,
 * from those of the machine's krb5.conf: the file that the variable {@code KRB5_CONFIG} names, or
 * {@code /etc/krb5.conf}. With {@link KerberosIdentityBuilder#acceptOnly} no KDC is needed. Only
 * {@link KerberosIdentityBuilder#jgssInitiator} uses the JDK's Kerberos client, and its one
 * krb5.conf for the whole JVM.
 *
 * <p><b>Time.</b> The ticket is refreshed at about 80 % of its life, on a daemon thread of its own,
 * and for ever if that fails; the one in use serves until it really expires. So are the tickets for
 * services that are in use. The keytab is read again when it changes, and at once when a caller has
 * a newer ticket; one that turns bad leaves the last good keys in use. If the KDC does not have the
 * newest key yet, one before it is used. Clocks of callers may differ by five minutes, or {@link
 * KerberosIdentityBuilder#clockSkew}; how the KDC's clock differs is learned and corrected for.
 *
 * <p><b>Replays.</b> A token is accepted once. What was accepted is remembered in memory for as
 * long as the clocks permit it to be sent again, and tokens that are older than this memory are
 * refused. Another identity with the same key, in this JVM or on another replica, does not know of
 * it: share a {@link KerberosIdentityBuilder#replayStore}, or demand {@link
 * KerberosIdentityBuilder#channelBindings} with a certificate for each. One client may hold a
 * sixteenth of the memory, all clients of other realms a half; what is beyond is {@link
 * KerberosRejection#OVER_QUOTA}. While the clock, having been put back, has not caught up, tokens
 * are {@link KerberosRejection#SENT_BEFORE_START}.
 *
 * <p><b>Blocking.</b> {@link #credentialsFor} waits for a KDC only if there is no ticket for that
 * service yet, no longer than for the first ticket at opening, and all who want the same ticket
 * wait for one exchange; what was refused is asked again after a second or a few. Tickets for the
 * 1,024 services that were used last are kept. Otherwise it works in memory. So does verifying,
 * with two exceptions. A token whose key version the keytab lacks makes its request look at the
 * file, one request at a time and, while that finds nothing new, ever more rarely down to once a
 * second; others with such tokens wait for two seconds at most. And a {@link
 * KerberosIdentityBuilder#replayStore} of yours is asked about each token that is otherwise
 * accepted. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4559">RFC 4559</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4178">RFC 4178</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4120">RFC 4120</a>
 */
public final class KerberosIdentity implements IdentityMechanism {
  private final PrincipalName principal;
  private final Callers callers;
  private final OwnCredential own;
  private final IdentityListeners listeners;
  private final Runnable stop;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Clock clock;

  KerberosIdentity(
      Callers callers, OwnCredential own, IdentityListeners listeners, Runnable stop, Clock clock) {
    this.principal = own.principal();
    this.callers = callers;
    this.own = own;
    this.listeners = listeners;
    this.stop = stop;
    this.clock = clock;
  }

  /**
   * Begins a Kerberos identity.
   *
   * @return a builder, to be given a principal and a keytab
   */
  public static KerberosIdentityBuilder builder() {
    return new KerberosIdentityBuilder();
  }

  /** Returns {@link MechanismName#KERBEROS}. */
  @Override
  public MechanismName name() {
    return MechanismName.KERBEROS;
  }

  /**
   * The identity in use: that of the ticket-granting ticket, or of the keytab for an identity that
   * only accepts, which ends with the year 9999, the last that Kerberos can write.
   */
  @Override
  public IdentitySnapshot current() {
    requireOpen();
    return own.identity();
  }

  /**
   * A token for one request to the service {@code class/host}, in the realm that the configuration
   * says of the host or else in the own, or to the principal that the target names.
   *
   * @param target the service to call
   * @return the field {@code Authorization}, whose answer proves the service
   * @throws IdentityException with code {@code AUTHORITY_UNREACHABLE} or {@code REFUSED} if there
   *     is no ticket for that service, {@code NOT_READY} if it does not come in time, {@code
   *     EXPIRED} if the own ticket has expired, {@code CONFIGURATION} if this identity only accepts
   *     or the target has no principal's form
   */
  @Override
  public RequestCredentials credentialsFor(Target target) {
    requireOpen();
    return own.credentialsFor(Objects.requireNonNull(target, "target"));
  }

  /**
   * Verifies {@code Authorization: Negotiate}; other schemes belong to the application. Without a
   * keytab, refuses it.
   */
  @Override
  public CallerVerifier callers() {
    return callers.verifier();
  }

  /** Returns nothing: Kerberos is not TLS. */
  @Override
  public Optional<TlsMaterial> tls() {
    return Optional.empty();
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    return listeners.subscribe(listener);
  }

  @Override
  public Health.Part health() {
    CredentialHealth now =
        closed.get()
            ? CredentialHealth.down("closed", clock.instant())
            : callers.health().with(own.health());
    return now.part(name().value());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stop.run();
      callers.forget();
      own.forget();
    }
  }

  /** Returns the principal. */
  @Override
  public String toString() {
    return "KerberosIdentity[" + principal + "]";
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IdentityException(
          Code.CLOSED, "The Kerberos identity of " + principal + " is closed; open a new one");
    }
  }
}
