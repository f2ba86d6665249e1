// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import dev.serviceidentity.mtls.source.PemFiles;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.Opening;
import dev.serviceidentity.spi.OwnedRuntime;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Configures an {@link MtlsIdentity}: give it to {@code ServiceIdentity.builder().mechanism(…)}, or
 * {@link #open()} it to use it alone. Not thread-safe.
 */
public final class MtlsIdentityBuilder implements MechanismProvider {
  private @Nullable SourceProvider source;
  private @Nullable String trustDomain;
  private final Map<String, Path> federated = new HashMap<>();
  private @Nullable Revocation revocation;
  private @Nullable PlainName plainName;
  private Predicate<PrincipalId> servers = server -> true;
  private Predicate<PrincipalId> federatedServers = server -> false;
  private ForwardedCallers forwarded = ForwardedCallers.builder().build();
  private Duration sessionAge = Duration.ofMinutes(15);
  private @Nullable Provider provider;

  MtlsIdentityBuilder() {}

  /**
   * Where certificate, key and authorities are: short for {@link #source} with {@link
   * PemFiles#directory}.
   *
   * @param path a directory with {@code tls.crt} (leaf first, then intermediates), {@code tls.key}
   *     (not encrypted) and {@code ca.crt} (the authorities to trust), as Kubernetes mounts a TLS
   *     secret
   * @return this builder
   */
  public MtlsIdentityBuilder pemDirectory(Path path) {
    return source(PemFiles.directory(path));
  }

  /**
   * Where certificate, key and authorities come from. This or {@link #pemDirectory} is required;
   * the last call counts.
   *
   * @param from {@link PemFiles}, {@link dev.serviceidentity.mtls.source.CredentialBundle}, {@link
   *     dev.serviceidentity.mtls.source.KeyStoreFile}, {@link
   *     dev.serviceidentity.mtls.source.SuppliedCredential}, {@link
   *     dev.serviceidentity.mtls.source.IssuedIdentity}, or a source of your own
   * @return this builder
   */
  public MtlsIdentityBuilder source(SourceProvider from) {
    this.source = Objects.requireNonNull(from, "from");
    return this;
  }

  /**
   * The SPIFFE trust domain of this service, and of its peers. Required.
   *
   * @param name for example {@code shop.example}; its characters are a-z, 0-9, {@code .}, {@code -}
   *     and {@code _}
   * @return this builder
   * @throws IllegalArgumentException if the name cannot be a trust domain (SPIFFE-ID section 2.1)
   */
  public MtlsIdentityBuilder trustDomain(String name) {
    this.trustDomain = SpiffeId.requireTrustDomain(name);
    return this;
  }

  /**
   * Takes the one DNS name of a certificate as its identity instead of a SPIFFE ID, for authorities
   * that issue no SPIFFE IDs. The principal of {@code web.shop} is then {@code dns:web.shop@} and
   * the trust domain, and sockets and engines of clients check host names unless their user says
   * otherwise, by an endpoint identification algorithm that is empty.
   *
   * @return this builder
   */
  public MtlsIdentityBuilder dnsNames() {
    return namedBy(PlainName.DNS);
  }

  /**
   * Takes the one URI name of a certificate as its identity, for authorities whose URIs are no
   * SPIFFE IDs. The principal of {@code https://shop.example/web} is then {@code
   * uri:https://shop.example/web@} and the trust domain.
   *
   * @return this builder
   */
  public MtlsIdentityBuilder uriNames() {
    return namedBy(PlainName.URI);
  }

  /**
   * Takes the subject of a certificate as its identity, for authorities that issue no alternative
   * names. The principal of {@code CN=web, O=Shop} is then {@code subject:CN=web,O=Shop@} and the
   * trust domain: the subject is written as RFC 2253 says, without spaces after its commas. Every
   * other space, every {@code %} and whatever is not visible ASCII is percent-encoded as UTF-8.
   *
   * @return this builder
   */
  public MtlsIdentityBuilder subjectNames() {
    return namedBy(PlainName.SUBJECT);
  }

  /**
   * Accepts callers of another trust domain, too; its servers are called only if {@link
   * #federatedServers} accepts them. The file is followed like those of {@link #pemDirectory}; one
   * that cannot be read leaves that domain's authorities as they are, shows in {@link
   * MtlsIdentity#health()}, and changes nothing else.
   *
   * <p>A path in another trust domain names nobody here: {@code serviceAccounts(...)} and the
   * binding go by the trust domains of the network view, or by this service's own. A {@code
   * WorkloadResolver} of your own must look at the domain too.
   *
   * @param name the other trust domain
   * @param bundle a PEM file with its authorities, at most 1 MiB
   * @return this builder
   * @throws IllegalArgumentException if the name cannot be a trust domain, or has a file already
   */
  public MtlsIdentityBuilder federatedTrust(String name, Path bundle) {
    if (federated.putIfAbsent(
            SpiffeId.requireTrustDomain(name), Objects.requireNonNull(bundle, "bundle"))
        != null) {
      throw new IllegalArgumentException("There are two files for the trust domain " + name);
    }
    return this;
  }

  /**
   * Asks whether peers' certificates have been revoked. Without it, nobody is asked.
   *
   * @param checks lists or responder, and what happens if they say nothing
   * @return this builder
   */
  public MtlsIdentityBuilder revocation(Revocation checks) {
    this.revocation = Objects.requireNonNull(checks, "checks");
    return this;
  }

  /**
   * Narrows down which servers of the own trust domain a client of this identity talks to. Without
   * it, every valid certificate of that domain is accepted as a server. Servers of other trust
   * domains are not asked about here, see {@link #federatedServers}.
   *
   * @param accepted true for a server that is expected; called in every handshake, so quick
   * @return this builder
   */
  public MtlsIdentityBuilder servers(Predicate<PrincipalId> accepted) {
    this.servers = Objects.requireNonNull(accepted, "accepted");
    return this;
  }

  /**
   * Which servers of federated trust domains a client of this identity talks to. Without it none:
   * the authority of a partner can write any host name into its certificates, so whoever it
   * certifies could pose as each of this domain's servers.
   *
   * @param accepted true for a server that is expected; look at its trust domain and at its path
   * @return this builder
   */
  public MtlsIdentityBuilder federatedServers(Predicate<PrincipalId> accepted) {
    this.federatedServers = Objects.requireNonNull(accepted, "accepted");
    return this;
  }

  /**
   * Trusts some proxies to speak for callers. Without it, headers in which proxies do so are
   * ignored, whoever sends them.
   *
   * @param trusted which proxies, and how
   * @return this builder
   */
  public MtlsIdentityBuilder forwarded(ForwardedCallers trusted) {
    this.forwarded = Objects.requireNonNull(trusted, "trusted");
    return this;
  }

  /**
   * How long a client is taken at its word: 15 minutes unless said otherwise. After that no TLS
   * session is resumed, and whoever still uses one is asked for a new connection, by {@code
   * Connection: close} with the answer. Nobody is admitted on a session of 24 hours or more. A
   * container that makes its own {@code SSLContext} of the managers is to be told this age as its
   * session timeout: there is no other way to keep it from resuming sessions. OpenSSL as Netty has
   * it resumes those of TLS 1.3 in spite of a timeout.
   *
   * @param longest 1 second to 24 hours
   * @return this builder
   * @throws IllegalArgumentException if it is shorter or longer
   */
  public MtlsIdentityBuilder sessionAge(Duration longest) {
    this.sessionAge = ConnectionEnd.requireSessionAge(longest);
    return this;
  }

  /**
   * Which security provider speaks TLS. Without it, the JVM's first one does.
   *
   * @param tls for example Conscrypt's; it needs not be installed in the JVM
   * @return this builder
   * @throws IllegalArgumentException if that provider does not speak TLS
   */
  public MtlsIdentityBuilder provider(Provider tls) {
    this.provider = TlsSettings.requireTls(tls);
    return this;
  }

  @Override
  public MechanismName name() {
    return MechanismName.MTLS;
  }

  /**
   * Opens the identity for use alone, with the system clock; refused clients are logged, for each
   * reason one line a minute.
   *
   * @return the identity, which the caller closes
   * @throws IdentityException as {@link #open(IdentityRuntime)} does
   */
  public MtlsIdentity open() {
    Clock clock = Clock.systemUTC();
    OwnedRuntime owned =
        OwnedRuntime.start(
            clock, new LoggedRefusals(clock), Set.of(MechanismName.MTLS), Duration.ofSeconds(10));
    return Opening.orClose(owned::close, () -> assemble(owned.runtime(), owned::close));
  }

  /**
   * Opens the identity on a runtime that its owner keeps and closes.
   *
   * @param runtime clock and reporting of refused clients
   * @return the identity, which the caller closes
   * @throws IdentityException with code {@code CONFIGURATION} if no source or no {@link
   *     #trustDomain} was named, or naming what cannot be used and the cure, also a {@link
   *     #provider} that takes no keys of others
   */
  @Override
  public MtlsIdentity open(IdentityRuntime runtime) {
    return assemble(runtime, () -> {});
  }

  private MtlsIdentity assemble(IdentityRuntime runtime, Runnable releaseRuntime) {
    var context = new SourceContext(requiredTrustDomain(), runtime, new Random());
    CertificateProfile profile = CertificateProfile.of(plainName, context.trustDomain());
    FollowedSource followed =
        FollowedSource.open(
            requiredSource(),
            FederatedBundles.of(federated, context.trustDomain(), plainName),
            new PeerVerifier(profile),
            context);
    return Opening.orClose(
        followed::close, () -> identity(followed, profile, runtime, releaseRuntime));
  }

  private MtlsIdentity identity(
      FollowedSource followed,
      CertificateProfile profile,
      IdentityRuntime runtime,
      Runnable releaseRuntime) {
    PeerRules rules =
        new PeerRules(
            new PeerVerifier(profile, revocation),
            expected(requiredTrustDomain(), servers, federatedServers),
            runtime.handshakes(),
            runtime.clock(),
            KnownCallers.under(revocation));
    TlsSettings settings = tlsSettings(runtime.configured());
    var end = new ConnectionEnd(sessionAge);
    var direct = new CertificateCallers(followed::current, rules, end);
    CallerVerifier callers =
        forwarded.verifier(direct, new ForwardedPeerJudge(followed::current, rules, end));
    Function<PeerRules, ConnectionRules> judging =
        by ->
            new ConnectionRules(
                new CertificateCallers(followed::current, by, end)::verify,
                new CalledServers(followed::current, by)::mayStay,
                forwarded::isProxy);
    OpenConnections connections = connections(rules, judging, runtime.scheduler());
    return Opening.orClose(
        connections::close,
        () -> {
          var tls = new RotatingTls(followed::current, rules, settings, connections);
          return new MtlsIdentity(followed, callers, tls, runtime.clock(), releaseRuntime);
        });
  }

  private OpenConnections connections(
      PeerRules rules,
      Function<PeerRules, ConnectionRules> judging,
      ScheduledExecutorService scheduler) {
    return revocation == null
        ? new OpenConnections(judging.apply(rules), scheduler)
        : new OpenConnections(judging.apply(rules.unasked()), judging.apply(rules), scheduler);
  }

  private static Predicate<PrincipalId> expected(
      String own, Predicate<PrincipalId> ours, Predicate<PrincipalId> federated) {
    return server -> (server.domain().equals(own) ? ours : federated).test(server);
  }

  private SourceProvider requiredSource() {
    if (source == null) {
      throw new IdentityException(
          CONFIGURATION,
          "An mTLS identity needs pemDirectory(...) or source(...): where is its certificate?");
    }
    return source;
  }

  private String requiredTrustDomain() {
    if (trustDomain == null) {
      throw new IdentityException(
          CONFIGURATION,
          "An mTLS identity needs trustDomain(...): which SPIFFE trust domain is it of, for"
              + " example shop.example?");
    }
    return trustDomain;
  }

  private TlsSettings tlsSettings(Set<MechanismName> configured) {
    return new TlsSettings(
        configured.equals(Set.of(MechanismName.MTLS)),
        plainName == PlainName.DNS,
        sessionAge,
        provider);
  }

  private MtlsIdentityBuilder namedBy(PlainName kind) {
    this.plainName = kind.unlessOther(plainName);
    return this;
  }
}
