// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.kerberos.acceptor.Acceptor;
import dev.serviceidentity.kerberos.acceptor.AcceptorSettings;
import dev.serviceidentity.kerberos.acceptor.ServiceKeys;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.kerberos.config.ConfSource;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.config.Krb5Conf;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.doctor.Patient;
import dev.serviceidentity.kerberos.jgss.JgssAcceptor;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.OwnedRuntime;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a Kerberos identity needs: whose it is, where its keys or tickets are, and where
 * the KDCs are. Mutable; use it from one thread.
 *
 * <pre>{@code
 * KerberosIdentity orders = KerberosIdentity.builder()
 *     .principal("HTTP/orders.shop@SHOP.EXAMPLE")
 *     .keytab(Path.of("/etc/krb/orders.keytab"))
 *     .config(KerberosConfig.builder().kdc("SHOP.EXAMPLE", "kdc1.shop", "kdc2.shop").build())
 *     .open();
 * }</pre>
 */
public final class KerberosIdentityBuilder implements MechanismProvider {
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

  private @Nullable PrincipalName principal;
  private @Nullable Path keytab;
  private @Nullable Path credentialCache;
  private @Nullable ConfSource config;
  private boolean acceptOnly;
  private Duration openTimeout = OPEN_TIMEOUT;
  private Set<PrincipalName> names = Set.of();
  private AcceptorSettings settings = AcceptorSettings.USUAL;
  private Duration keyAge = KeytabFile.USUAL_KEY_AGE;
  private boolean jgssAcceptor;
  private boolean jgssInitiator;

  KerberosIdentityBuilder() {}

  /**
   * Who this service is.
   *
   * @param text for example {@code HTTP/orders.shop@SHOP.EXAMPLE}; {@code /}, {@code @} and {@code
   *     \} inside a component are escaped by a backslash
   * @return this builder
   * @throws IllegalArgumentException if the text is not a principal with its realm
   */
  public KerberosIdentityBuilder principal(String text) {
    this.principal = PrincipalName.parse(text);
    return this;
  }

  /**
   * Where its keys are: a keytab in MIT's format, with keys of encryption types 17 to 20.
   *
   * @param file read at opening, and again when it changes
   * @return this builder
   */
  public KerberosIdentityBuilder keytab(Path file) {
    this.keytab = Objects.requireNonNull(file, "file");
    return this;
  }

  /**
   * Where its tickets are: a credential cache in a file, into which another program logs in and
   * renews ({@code kinit}, {@code k5start}). It is followed as it changes and never written; a
   * ticket that nobody replaces in time is renewed in memory, if it is renewable. {@link #keytab}
   * then says only with which keys callers are verified, and may be left out.
   *
   * @param file of the type FILE
   * @return this builder
   */
  public KerberosIdentityBuilder credentialCache(Path file) {
    this.credentialCache = Objects.requireNonNull(file, "file");
    return this;
  }

  /**
   * Where the KDCs are. Of this and {@link #krb5Conf}, the last call counts.
   *
   * @param realms said in code
   * @return this builder
   */
  public KerberosIdentityBuilder config(KerberosConfig realms) {
    Objects.requireNonNull(realms, "realms");
    this.config = ConfSource.of(realms);
    return this;
  }

  /**
   * Where a krb5.conf says where the KDCs are. What it says without an effect here is logged.
   * Unless this or {@link #config} is called, the machine's krb5.conf is read: the first file that
   * the environment variable {@code KRB5_CONFIG} names, or {@code /etc/krb5.conf} if there is one.
   *
   * @param file read once, at opening
   * @return this builder
   * @see Krb5Conf
   */
  public KerberosIdentityBuilder krb5Conf(Path file) {
    Objects.requireNonNull(file, "file");
    this.config = ConfSource.of(file);
    return this;
  }

  /**
   * How old the newest key of a principal may be before a warning tells it; 90 days unless said.
   *
   * @param limit at least a day
   * @return this builder
   * @throws IllegalArgumentException if the duration is shorter
   */
  public KerberosIdentityBuilder keyAge(Duration limit) {
    if (limit.toDays() < 1) {
      throw new IllegalArgumentException(
          "keyAge(...) is a day or more, not " + ForeignText.quote(limit.toString()));
    }
    this.keyAge = limit;
    return this;
  }

  /**
   * Only verifies callers: no ticket is obtained, and no KDC is needed.
   *
   * @return this builder
   */
  public KerberosIdentityBuilder acceptOnly() {
    this.acceptOnly = true;
    return this;
  }

  /**
   * How long {@link #open()} waits for the first ticket, and each call for the first one of its
   * service; ten seconds unless said otherwise. An owner's runtime brings a limit of its own.
   *
   * @param limit a positive duration
   * @return this builder
   * @throws IllegalArgumentException if the duration is zero or negative
   */
  public KerberosIdentityBuilder openTimeout(Duration limit) {
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
  public KerberosIdentityBuilder acceptAs(String... principals) {
    this.names = Arrays.stream(principals).map(PrincipalName::parse).collect(Collectors.toSet());
    return this;
  }

  /**
   * Also takes callers of other realms, whose KDCs share keys with ours; unless said only of those
   * of {@link #principal} and {@link #acceptAs}, whatever other realms the keytab has keys of.
   *
   * @param realms in their own letter case
   * @return this builder
   */
  public KerberosIdentityBuilder trustRealms(String... realms) {
    this.settings = settings.trustedRealms(Set.of(realms));
    return this;
  }

  /**
   * What is demanded of channel bindings; {@link ChannelBindingPolicy#IF_PRESENT} unless said.
   *
   * @param policy the policy
   * @return this builder
   */
  public KerberosIdentityBuilder channelBindings(ChannelBindingPolicy policy) {
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
  public KerberosIdentityBuilder clockSkew(Duration limit) {
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
  public KerberosIdentityBuilder replayStore(ReplayStore store) {
    this.settings = settings.replays(Objects.requireNonNull(store, "store"));
    return this;
  }

  /**
   * Accepts callers through the JDK's GSS-API, for JVMs whose only approved Kerberos is that one.
   * It is slower and knows neither channel bindings nor a shared replay store, and the skew that it
   * permits is {@code clockskew} of the JVM's krb5.conf. {@link #trustRealms} holds for it, too.
   *
   * @return this builder
   */
  public KerberosIdentityBuilder jgssAcceptor() {
    this.jgssAcceptor = true;
    return this;
  }

  /**
   * Gets tickets and makes tokens through the JDK's GSS-API, for JVMs whose only approved Kerberos
   * is that one. It is slower, reads the one krb5.conf of its JVM ({@code
   * java.security.krb5.conf}), and asks the KDC within {@link KerberosIdentity#credentialsFor}.
   *
   * @return this builder
   */
  public KerberosIdentityBuilder jgssInitiator() {
    this.jgssInitiator = true;
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
    Choice choice = choice();
    OwnedRuntime owned =
        OwnedRuntime.start(
            Clock.systemUTC(), refused -> {}, Set.of(MechanismName.KERBEROS), openTimeout);
    return new Opening(choice, owned.runtime(), owned::close).open();
  }

  /**
   * Opens the identity on a runtime that its owner keeps and closes.
   *
   * @param runtime clock, scheduler and limits
   * @return an identity with its first ticket, to be closed by the caller
   * @throws IdentityException with code {@code CONFIGURATION} if {@link #principal} or {@link
   *     #keytab} was not called, what was called cannot be had together, a file cannot be used or
   *     no KDC of the realm is known, {@code AUTHORITY_UNREACHABLE} or {@code REFUSED} if the KDC
   *     gives no ticket, {@code EXPIRED} if the one of the credential cache has ended, {@code
   *     NOT_READY} if it took too long
   */
  @Override
  public KerberosIdentity open(IdentityRuntime runtime) {
    return new Opening(choice(), runtime, () -> {}).open();
  }

  /**
   * Looks what this identity needs and lacks, also where it does not open. {@link #jgssAcceptor}
   * and {@link #jgssInitiator} change nothing for it.
   *
   * @return a doctor, to be asked
   */
  public KerberosDoctor doctor() {
    return doctor(Clock.systemUTC());
  }

  /** With a clock of a test. */
  KerberosDoctor doctor(Clock clock) {
    Path keys = keytab;
    CredentialCacheFile cache = cache();
    Function<@Nullable PrincipalName, KeytabFile> file =
        cache != null && keys == null ? null : own -> KeytabFile.chosen(keys, own, names, keyAge);
    ConfSource source = acceptOnly ? null : source();
    return new KerberosDoctor(new Patient(principal, file, cache, source, settings), clock);
  }

  private @Nullable CredentialCacheFile cache() {
    return credentialCache == null
        ? null
        : new CredentialCacheFile(credentialCache, new Workshop());
  }

  private ConfSource source() {
    return config == null ? MachineConfig.found() : config;
  }

  private Choice choice() {
    requireSense();
    CredentialCacheFile cache = cache();
    PrincipalName own = principal == null && cache != null ? cache.read().client() : principal;
    KeytabFile file =
        cache != null && keytab == null ? null : KeytabFile.chosen(keytab, own, names, keyAge);
    PrincipalName named = file == null ? Objects.requireNonNull(own) : file.principal();
    if (jgssAcceptor) {
      settings.requireUsual(named);
    }
    return new Choice(named, file, cache, tickets(), this::acceptors);
  }

  /** What contradicts itself is not guessed at. */
  private void requireSense() {
    if (acceptOnly && (credentialCache != null || jgssInitiator)) {
      throw contradiction("acceptOnly()", "credentialCache(...) and jgssInitiator()");
    }
    if (jgssInitiator && (credentialCache != null || config != null)) {
      throw contradiction(
          "jgssInitiator(), which reads the krb5.conf of the JVM and a keytab,",
          "credentialCache(...), config(...) and krb5Conf(...)");
    }
  }

  private IdentityException contradiction(String one, String others) {
    String whose = principal == null ? "" : " of " + principal;
    return new IdentityException(
        Code.CONFIGURATION,
        "The Kerberos identity"
            + whose
            + " is opened with "
            + one
            + " and one of "
            + others
            + ": leave either out");
  }

  private Choice.Tickets tickets() {
    if (acceptOnly) {
      return new Choice.NoTickets();
    }
    if (jgssInitiator) {
      return new Choice.JgssTickets();
    }
    return new Choice.NativeTickets(source().config());
  }

  private Function<ServiceKeys, Acceptor> acceptors(KeytabFile file, Clock clock) {
    return jgssAcceptor
        ? JgssAcceptor.withOneQuota(settings.realms(file.realms()), clock)
        : settings.acceptors(file.realms(), clock);
  }
}
