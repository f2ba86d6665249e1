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
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.OwnedRuntime;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A service's Kerberos identity, from its keytab: makes {@code Authorization: Negotiate} tokens for
 * other services, with mutual authentication, and verifies those of callers.
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
 * <p><b>Configuration.</b> Callers are verified with the keytab alone, by this library itself.
 * Tokens for others are made by the JDK's Kerberos client, which reads one krb5.conf for the whole
 * JVM: whoever starts the JVM sets {@code java.security.krb5.conf}, this library sets no property.
 * With {@link Builder#acceptOnly} neither that file nor a KDC is needed.
 *
 * <p><b>Time.</b> The ticket is refreshed at about 80 % of its life, on a daemon thread of its own,
 * and for ever if that fails; the one in use serves until it really expires. The keytab is read
 * again when it changes, and at once when a caller has a newer ticket; one that turns bad leaves
 * the last good keys in use. Clocks may differ by five minutes, or {@link Builder#clockSkew}.
 *
 * <p><b>Replays.</b> A token is accepted once. What was accepted is remembered in memory for as
 * long as the clocks permit it to be sent again, and tokens that are older than this memory are
 * refused. Another identity with the same key, in this JVM or on another replica, does not know of
 * it: share a {@link Builder#replayStore}, or demand {@link Builder#channelBindings} with a
 * certificate for each. One client may hold a sixteenth of the memory, all clients of other realms
 * a half; what is beyond is {@link KerberosRejection#OVER_QUOTA}. While the clock, having been put
 * back, has not caught up, tokens are {@link KerberosRejection#SENT_BEFORE_START}.
 *
 * <p><b>Blocking.</b> {@link #credentialsFor} asks the KDC once for each service and ticket life,
 * for as long as krb5.conf lets the JDK wait ({@code kdc_timeout}, {@code max_retries}); otherwise
 * it works in memory. So does verifying, with two exceptions. A token whose key version the keytab
 * lacks makes its request look at the file, one request at a time and, while that finds nothing
 * new, ever more rarely down to once a second; others with such tokens wait for half a second at
 * most. And a {@link Builder#replayStore} of yours is asked about each token that is otherwise
 * accepted. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4559">RFC 4559</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4178">RFC 4178</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4120">RFC 4120</a>
 */
public final class KerberosIdentity implements IdentityMechanism {
  private final PrincipalName principal;
  private final AcceptorKeys keys;
  private final NegotiateVerifier verifier;
  private final OwnCredential own;
  private final IdentityListeners listeners;
  private final Runnable stop;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Clock clock;

  KerberosIdentity(
      AcceptorKeys keys,
      OwnCredential own,
      IdentityListeners listeners,
      Runnable stop,
      Clock clock) {
    this.principal = own.principal();
    this.keys = keys;
    this.verifier = new NegotiateVerifier(principal, keys);
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
  public static Builder builder() {
    return new Builder();
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
   * A token for one request to the service {@code class/host} in the own realm, or to the principal
   * that the target names.
   *
   * @param target the service to call
   * @return the field {@code Authorization}, whose answer proves the service
   * @throws IdentityException with code {@code AUTHORITY_UNREACHABLE} or {@code REFUSED} if there
   *     is no ticket for that service, {@code EXPIRED} if the own ticket has expired, {@code
   *     CONFIGURATION} if this identity only accepts or the target has no principal's form
   */
  @Override
  public RequestCredentials credentialsFor(Target target) {
    requireOpen();
    return own.credentialsFor(Objects.requireNonNull(target, "target"));
  }

  /** Verifies {@code Authorization: Negotiate}; other schemes belong to the application. */
  @Override
  public CallerVerifier callers() {
    return verifier;
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
            : keys.health().worse(own.health());
    return now.part(name().value());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stop.run();
      keys.forget();
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

  /** Collects what a Kerberos identity needs. Mutable; use it from one thread. */
  public static final class Builder implements MechanismProvider {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

    private @Nullable PrincipalName principal;
    private @Nullable Path keytab;
    private boolean acceptOnly;
    private Duration openTimeout = OPEN_TIMEOUT;
    private Set<PrincipalName> names = Set.of();
    private AcceptorSettings settings = AcceptorSettings.USUAL;
    private Duration keyAge = KeytabFile.USUAL_KEY_AGE;
    private boolean jgss;

    private Builder() {}

    /**
     * Who this service is.
     *
     * @param text for example {@code HTTP/orders.shop@SHOP.EXAMPLE}; {@code /}, {@code @} and
     *     {@code \} inside a component are escaped by a backslash
     * @return this builder
     * @throws IllegalArgumentException if the text is not a principal with its realm
     */
    public Builder principal(String text) {
      this.principal = PrincipalName.parse(text);
      return this;
    }

    /**
     * Where its keys are: a keytab in MIT's format, with keys of encryption types 17 to 20.
     *
     * @param file read at opening, and again when it changes
     * @return this builder
     */
    public Builder keytab(Path file) {
      this.keytab = Objects.requireNonNull(file, "file");
      return this;
    }

    /**
     * How old the newest key of a principal may be before a warning tells it; 90 days unless said.
     *
     * @param limit at least a day
     * @return this builder
     * @throws IllegalArgumentException if the duration is shorter
     */
    public Builder keyAge(Duration limit) {
      if (limit.toDays() < 1) {
        throw new IllegalArgumentException(
            "keyAge(...) is a day or more, not " + ForeignText.quote(limit.toString()));
      }
      this.keyAge = limit;
      return this;
    }

    /**
     * Only verifies callers: no ticket is obtained, and neither a KDC nor a krb5.conf is needed.
     *
     * @return this builder
     */
    public Builder acceptOnly() {
      this.acceptOnly = true;
      return this;
    }

    /**
     * How long {@link #open()} waits for the first ticket; ten seconds unless said otherwise. An
     * owner's runtime brings a limit of its own.
     *
     * @param limit a positive duration
     * @return this builder
     * @throws IllegalArgumentException if the duration is zero or negative
     */
    public Builder openTimeout(Duration limit) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException(
            "openTimeout(...) is positive, not " + ForeignText.quote(limit.toString()));
      }
      this.openTimeout = limit;
      return this;
    }

    /**
     * Takes tickets for some principals of the keytab only; for all of them unless said.
     *
     * @param principals own names, each with its realm; each needs a key in the keytab
     * @return this builder
     * @throws IllegalArgumentException if one is not a principal with its realm
     */
    public Builder acceptAs(String... principals) {
      this.names = Arrays.stream(principals).map(PrincipalName::parse).collect(Collectors.toSet());
      return this;
    }

    /**
     * Also takes callers of other realms, whose KDCs share keys with ours; unless said only of
     * those of {@link #principal} and {@link #acceptAs}, whatever other realms the keytab has keys
     * of.
     *
     * @param realms in their own letter case
     * @return this builder
     */
    public Builder trustRealms(String... realms) {
      this.settings = settings.trustedRealms(Set.of(realms));
      return this;
    }

    /**
     * What is demanded of channel bindings; {@link ChannelBindingPolicy#IF_PRESENT} unless said.
     *
     * @param policy the policy
     * @return this builder
     */
    public Builder channelBindings(ChannelBindingPolicy policy) {
      this.settings = settings.channelBindings(Objects.requireNonNull(policy, "policy"));
      return this;
    }

    /**
     * What the clocks of callers and of this service may differ by; five minutes unless said.
     *
     * @param limit from one second to one day
     * @return this builder
     * @throws IllegalArgumentException if the duration is outside of that
     */
    public Builder clockSkew(Duration limit) {
      if (limit.toSeconds() < 1 || limit.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            "clockSkew(...) is between a second and a day, not "
                + ForeignText.quote(limit.toString()));
      }
      this.settings = settings.clockSkew(limit);
      return this;
    }

    /**
     * What remembers the tokens that were accepted; unless said a memory of this identity alone for
     * 8,388,608 tokens, which takes 360 MB if sixteen clients do their worst.
     *
     * @param store shared by all that have the key, or of another capacity; not closed by us
     * @return this builder
     */
    public Builder replayStore(ReplayStore store) {
      this.settings = settings.replays(Objects.requireNonNull(store, "store"));
      return this;
    }

    /**
     * Accepts callers through the JDK's GSS-API, for JVMs whose only approved Kerberos is that one.
     * It is slower and knows neither channel bindings nor a shared replay store, and the skew that
     * it permits is {@code clockskew} of the JVM's krb5.conf. {@link #trustRealms} holds for it,
     * too.
     *
     * @return this builder
     */
    public Builder jgssAcceptor() {
      this.jgss = true;
      return this;
    }

    /** Returns {@link MechanismName#KERBEROS}. */
    @Override
    public MechanismName name() {
      return MechanismName.KERBEROS;
    }

    /**
     * Opens the identity for use alone, with the system clock and a thread of its own.
     *
     * @return an identity with its first ticket, to be closed by the caller
     * @throws IdentityException as {@link #open(IdentityRuntime)} does
     */
    public KerberosIdentity open() {
      KeytabFile file = file();
      OwnedRuntime owned =
          OwnedRuntime.start(
              Clock.systemUTC(), refused -> {}, Set.of(MechanismName.KERBEROS), openTimeout);
      return new Opening(file, owned.runtime(), owned::close)
          .open(acceptOnly, acceptors(file, owned.runtime().clock()));
    }

    /**
     * Opens the identity on a runtime that its owner keeps and closes.
     *
     * @param runtime clock, scheduler and limits
     * @return an identity with its first ticket, to be closed by the caller
     * @throws IdentityException with code {@code CONFIGURATION} if {@link #principal} or {@link
     *     #keytab} was not called, the keytab cannot be used or the JVM's krb5.conf does not know
     *     the realm, {@code AUTHORITY_UNREACHABLE} or {@code REFUSED} if the KDC gives no ticket,
     *     {@code NOT_READY} if it took too long
     */
    @Override
    public KerberosIdentity open(IdentityRuntime runtime) {
      KeytabFile file = file();
      return new Opening(file, runtime, () -> {})
          .open(acceptOnly, acceptors(file, runtime.clock()));
    }

    private KeytabFile file() {
      KeytabFile file = KeytabFile.chosen(keytab, principal, names, keyAge);
      if (jgss) {
        settings.requireUsual(file.principal());
      }
      return file;
    }

    private Function<ServiceKeys, Acceptor> acceptors(KeytabFile file, Clock clock) {
      return jgss
          ? settings.jgssAcceptors(file.realms(), clock)
          : settings.acceptors(file.realms(), clock);
    }
  }
}
