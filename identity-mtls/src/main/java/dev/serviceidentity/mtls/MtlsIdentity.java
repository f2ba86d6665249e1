// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import dev.serviceidentity.mtls.source.PemFiles;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.OwnedRuntime;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An identity proven by mutual TLS: an X.509 certificate, usually an X.509-SVID, that is re-read
 * whenever its source changes.
 *
 * <pre>{@code
 * try (var identity = MtlsIdentity.builder()
 *     .pemDirectory(Path.of("/var/run/tls"))
 *     .trustDomain("shop.example")
 *     .open()) {
 *   TlsMaterial tls = identity.tls().orElseThrow();
 *   HttpClient client = HttpClient.newBuilder()
 *       .sslContext(tls.sslContext())
 *       .sslParameters(tls.clientParameters())
 *       .build();
 * }
 * }</pre>
 *
 * <p>Peers are held to the X.509-SVID profile and to the authorities in {@code ca.crt}, in the
 * handshake and again at each request. Each authority counts within what its own certificate
 * permits: name constraints, path length, usages. Peers of other trust domains are accepted where
 * {@link Builder#federatedTrust} names the file of their authorities, each for its own domain only.
 *
 * <p>Files that cannot be used leave the own certificate in use, until it expires and after. Whom
 * to trust does not wait for it: a good {@code ca.crt} is followed at once, whatever is wrong with
 * the own certificate, and callers are judged by it even when this identity itself has expired and
 * can call nobody. A {@code ca.crt} that cannot be read leaves the trust in use; see {@link
 * #health()}.
 *
 * <p>A connection that was made with {@link TlsMaterial#sslContext()} is ended within a second once
 * its client would be refused: its authority was removed, or its certificate has expired. Where
 * that context made an engine and not the socket, the engine sends nothing more, and the container
 * closes its socket when it next writes. Before that, in the last minute of a client's certificate
 * or its last fifth if that is shorter, answers ask the client for a new connection. Thread-safe.
 */
public final class MtlsIdentity implements IdentityMechanism {

  private final Clock clock;
  private final FollowedSource source;
  private final RotatingTls tls;
  private final CallerVerifier callers;
  private final Runnable releaseRuntime;

  private MtlsIdentity(Builder builder, IdentityRuntime runtime, Runnable releaseRuntime) {
    var context = new SourceContext(builder.requiredTrustDomain(), runtime, new Random());
    CertificateProfile profile = CertificateProfile.of(builder.plainName, context.trustDomain());
    PeerRules rules =
        new PeerRules(
            new PeerVerifier(profile, builder.revocation),
            builder.servers,
            runtime.handshakes(),
            runtime.clock(),
            KnownCallers.under(builder.revocation));
    TlsSettings settings = builder.tlsSettings(runtime.configured());
    this.clock = runtime.clock();
    this.releaseRuntime = releaseRuntime;
    this.source =
        FollowedSource.open(
            builder.requiredSource(),
            FederatedBundles.of(builder.federated, context.trustDomain(), builder.plainName),
            new PeerVerifier(profile),
            context);
    var end = new ConnectionEnd(builder.sessionAge);
    var direct = new CertificateCallers(source::current, rules, end);
    this.callers =
        builder.forwarded.verifier(direct, new ForwardedCertificates(source::current, rules, end));
    this.tls =
        new RotatingTls(
            source::current,
            rules,
            settings,
            new OpenConnections(direct::mayStay, runtime.scheduler()));
  }

  /**
   * Starts the configuration of an identity.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public MechanismName name() {
    return MechanismName.MTLS;
  }

  @Override
  public IdentitySnapshot current() {
    return source.current().identity();
  }

  /**
   * Reads the files now instead of when their change is noticed.
   *
   * @return the identity in use afterwards, the same as before if nothing has changed
   * @throws IdentityException naming file and cure if what is there cannot be used; the identity in
   *     use stays unless its own files are good, and trusts whom good files of authorities say
   */
  public IdentitySnapshot refresh() {
    source.refresh();
    return current();
  }

  /**
   * Checks that the target is called over TLS and that the own certificate is valid; the proof
   * itself is made by the connection, which must use {@link #tls()}.
   *
   * @throws IdentityException with code {@code CONFIGURATION} if the target is not {@code https},
   *     where there is no such proof; {@code EXPIRED} if the own certificate is not valid now
   */
  @Override
  public RequestCredentials credentialsFor(Target target) {
    OwnCertificate.requireProof(current(), target, clock.instant());
    return RequestCredentials.inConnection();
  }

  @Override
  public CallerVerifier callers() {
    return callers;
  }

  @Override
  public Optional<TlsMaterial> tls() {
    return Optional.of(tls);
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    return source.subscribe(listener);
  }

  @Override
  public Health.Part health() {
    return source.health();
  }

  @Override
  public void close() {
    source.close();
    tls.close();
    releaseRuntime.run();
  }

  /** Returns the principal and its validity. */
  @Override
  public String toString() {
    return "MtlsIdentity[" + health().detail() + "]";
  }

  /**
   * Configures an {@link MtlsIdentity}: give it to {@code ServiceIdentity.builder().mechanism(…)},
   * or {@link #open()} it to use it alone. Not thread-safe.
   */
  public static final class Builder implements MechanismProvider {
    private @Nullable SourceProvider source;
    private @Nullable String trustDomain;
    private final Map<String, Path> federated = new HashMap<>();
    private @Nullable Revocation revocation;
    private @Nullable PlainName plainName;
    private Predicate<PrincipalId> servers = server -> true;
    private ForwardedCallers forwarded = ForwardedCallers.builder().build();
    private Duration sessionAge = Duration.ofMinutes(15);
    private @Nullable Provider provider;

    private Builder() {}

    /**
     * Where certificate, key and authorities are: short for {@link #source} with {@link
     * PemFiles#directory}.
     *
     * @param path a directory with {@code tls.crt} (leaf first, then intermediates), {@code
     *     tls.key} (not encrypted) and {@code ca.crt} (the authorities to trust), as Kubernetes
     *     mounts a TLS secret
     * @return this builder
     */
    public Builder pemDirectory(Path path) {
      return source(PemFiles.directory(path));
    }

    /**
     * Where certificate, key and authorities come from. This or {@link #pemDirectory} is required;
     * the last call counts.
     *
     * @param from {@link PemFiles}, {@code CredentialBundle}, {@code KeyStoreFile}, {@code
     *     SuppliedCredential}, {@code IssuedIdentity}, or a source of your own
     * @return this builder
     */
    public Builder source(SourceProvider from) {
      this.source = Objects.requireNonNull(from, "from");
      return this;
    }

    /**
     * The SPIFFE trust domain of this service, and of its peers. Required.
     *
     * @param name for example {@code shop.example}; its characters are a-z, 0-9, {@code .}, {@code
     *     -} and {@code _}
     * @return this builder
     * @throws IllegalArgumentException if the name cannot be a trust domain (SPIFFE-ID section 2.1)
     */
    public Builder trustDomain(String name) {
      this.trustDomain = SpiffeId.requireTrustDomain(name);
      return this;
    }

    /**
     * Takes the one DNS name of a certificate as its identity instead of a SPIFFE ID, for
     * authorities that issue no SPIFFE IDs. The principal of {@code web.shop} is then {@code
     * dns:web.shop@} and the trust domain, and clients check host names unless they say otherwise.
     *
     * @return this builder
     */
    public Builder dnsNames() {
      return namedBy(PlainName.DNS);
    }

    /**
     * Takes the one URI name of a certificate as its identity, for authorities whose URIs are no
     * SPIFFE IDs. The principal of {@code https://shop.example/web} is then {@code
     * uri:https://shop.example/web@} and the trust domain.
     *
     * @return this builder
     */
    public Builder uriNames() {
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
    public Builder subjectNames() {
      return namedBy(PlainName.SUBJECT);
    }

    /**
     * Accepts peers of another trust domain, too. The file is followed like those of {@link
     * #pemDirectory}; one that cannot be read leaves that domain's authorities as they are, shows
     * in {@link MtlsIdentity#health()}, and changes nothing else.
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
    public Builder federatedTrust(String name, Path bundle) {
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
    public Builder revocation(Revocation checks) {
      this.revocation = Objects.requireNonNull(checks, "checks");
      return this;
    }

    /**
     * Narrows down which servers a client of this identity talks to. Without it, every valid
     * certificate of the trust domain is accepted as a server.
     *
     * @param accepted true for a server that is expected; called in every handshake, so quick
     * @return this builder
     */
    public Builder servers(Predicate<PrincipalId> accepted) {
      this.servers = Objects.requireNonNull(accepted, "accepted");
      return this;
    }

    /**
     * Trusts some proxies to speak for callers. Without it, headers in which proxies do so are
     * ignored, whoever sends them.
     *
     * @param trusted which proxies, and how
     * @return this builder
     */
    public Builder forwarded(ForwardedCallers trusted) {
      this.forwarded = Objects.requireNonNull(trusted, "trusted");
      return this;
    }

    /**
     * How long a client is taken at its word: 15 minutes unless said otherwise. After that no TLS
     * session is resumed, and whoever still uses one is asked for a new connection, by {@code
     * Connection: close} with the answer. Nobody is admitted on a session of 24 hours or more. A
     * container that makes its own {@code SSLContext} of the managers is to be told this age as its
     * session timeout: there is no other way to keep it from resuming sessions.
     *
     * @param longest 1 second to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public Builder sessionAge(Duration longest) {
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
    public Builder provider(Provider tls) {
      this.provider = TlsSettings.requireTls(tls);
      return this;
    }

    @Override
    public MechanismName name() {
      return MechanismName.MTLS;
    }

    /**
     * Opens the identity for use alone, with the system clock; refused clients are logged.
     *
     * @return the identity, which the caller closes
     * @throws IdentityException as {@link #open(IdentityRuntime)} does
     */
    public MtlsIdentity open() {
      OwnedRuntime owned =
          OwnedRuntime.start(
              Clock.systemUTC(),
              PeerRules::log,
              Set.of(MechanismName.MTLS),
              Duration.ofSeconds(10));
      try {
        return new MtlsIdentity(this, owned.runtime(), owned::close);
      } catch (RuntimeException e) {
        owned.close();
        throw e;
      }
    }

    /**
     * Opens the identity on a runtime that its owner keeps and closes.
     *
     * @param runtime clock and reporting of refused clients
     * @return the identity, which the caller closes
     * @throws IdentityException with code {@code CONFIGURATION} if no source or no {@link
     *     #trustDomain} was named, or naming what cannot be used and the cure
     */
    @Override
    public MtlsIdentity open(IdentityRuntime runtime) {
      return new MtlsIdentity(this, runtime, () -> {});
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

    private Builder namedBy(PlainName kind) {
      this.plainName = kind.unlessOther(plainName);
      return this;
    }
  }
}
