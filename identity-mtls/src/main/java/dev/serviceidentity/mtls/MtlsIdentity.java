// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static dev.serviceidentity.identity.IdentityException.Code.EXPIRED;

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
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.OwnedRuntime;
import dev.serviceidentity.spi.RefusedHandshake;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An identity proven by mutual TLS: an X.509 certificate, usually an X.509-SVID, that is re-read
 * whenever its files change.
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
 * permits: name constraints, path length, usages.
 *
 * <p>Files that cannot be used leave the own certificate in use, until it expires and after. Whom
 * to trust does not wait for it: a good {@code ca.crt} is followed at once, whatever is wrong with
 * the own certificate, and callers are judged by it even when this identity itself has expired and
 * can call nobody. A {@code ca.crt} that cannot be read leaves the trust in use; see {@link
 * #health()}. Thread-safe.
 */
public final class MtlsIdentity implements IdentityMechanism {
  private static final Logger LOG = System.getLogger(MtlsIdentity.class.getName());

  private final Clock clock;
  private final IdentityListeners listeners;
  private final Rotation rotation;
  private final CertificateHealth health;
  private final RotatingTls tls;
  private final CallerVerifier callers;
  private final DirectoryWatch watch;
  private final Runnable releaseRuntime;

  private MtlsIdentity(Builder builder, IdentityRuntime runtime, Runnable releaseRuntime) {
    PemDirectory source = builder.source();
    PeerVerifier verifier = new PeerVerifier(builder.profile());
    OwnCertificate own =
        new OwnCertificate(verifier, builder.requiredTrustDomain(), source.path() + "/tls.crt");
    PeerRules rules =
        new PeerRules(verifier, builder.servers, runtime.handshakes(), runtime.clock());
    this.clock = runtime.clock();
    this.releaseRuntime = releaseRuntime;
    this.listeners = new IdentityListeners(MechanismName.MTLS);
    this.rotation = new Rotation(source, own, clock, listeners);
    this.health = new CertificateHealth(rotation, own, clock);
    this.callers =
        builder.forwarded.verifier(
            new CertificateCallers(rotation::current, rules),
            new ForwardedCertificates(rotation::current, rules));
    this.tls =
        new RotatingTls(
            rotation::current,
            rules,
            new RotatingTls.TlsDefaults(
                runtime.configured().equals(Set.of(MechanismName.MTLS)), builder.dnsNames));
    this.watch = DirectoryWatch.start(source.path(), rotation);
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
    return rotation.current().identity();
  }

  /**
   * Reads the files now instead of when their change is noticed.
   *
   * @return the identity in use afterwards, the same as before if nothing has changed
   * @throws IdentityException naming file and cure if what is there cannot be used; the identity in
   *     use stays, and trusts whom a good {@code ca.crt} says
   */
  public IdentitySnapshot refresh() {
    try {
      rotation.refresh();
    } catch (IdentityException e) {
      rotation.failed(e);
      throw e;
    }
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
    if (!target.isSecure()) {
      throw new IdentityException(
          CONFIGURATION,
          "A certificate proves nothing over plain HTTP; call " + target + " by https");
    }
    IdentitySnapshot mine = current();
    Instant now = clock.instant();
    if (!mine.isValidAt(now)) {
      throw new IdentityException(
          EXPIRED,
          "This service's certificate for "
              + mine.principal()
              + " is valid from "
              + mine.notBefore()
              + " until "
              + mine.expiresAt()
              + " and it is "
              + now
              + "; see health() for why it was not renewed");
    }
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
    return listeners.subscribe(listener);
  }

  @Override
  public Health.Part health() {
    try {
      return health.report();
    } catch (IdentityException closed) {
      return CertificateHealth.part(Health.Status.DOWN, "Closed", clock.instant());
    }
  }

  @Override
  public void close() {
    watch.close();
    rotation.close();
    tls.close();
    listeners.close();
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
    private @Nullable Path directory;
    private @Nullable String trustDomain;
    private boolean dnsNames;
    private Predicate<PrincipalId> servers = server -> true;
    private ForwardedCallers forwarded = ForwardedCallers.builder().build();

    private Builder() {}

    /**
     * Where certificate, key and authorities are. Required.
     *
     * @param path a directory with {@code tls.crt} (leaf first, then intermediates), {@code
     *     tls.key} (PKCS#8, not encrypted) and {@code ca.crt} (the authorities to trust), as
     *     Kubernetes mounts a TLS secret
     * @return this builder
     */
    public Builder pemDirectory(Path path) {
      this.directory = Objects.requireNonNull(path, "path");
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
      if (!SpiffeId.isTrustDomain(name)) {
        throw new IllegalArgumentException(
            ForeignText.quote(name)
                + " is not a trust domain such as shop.example: 1 to 255 of a-z, 0-9, '.', '-' and"
                + " '_', without spiffe:// and path");
      }
      this.trustDomain = name;
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
      this.dnsNames = true;
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
              Clock.systemUTC(), Builder::log, Set.of(MechanismName.MTLS), Duration.ofSeconds(10));
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
     * @throws IdentityException with code {@code CONFIGURATION} if {@link #pemDirectory} or {@link
     *     #trustDomain} was not called, or naming the file that cannot be used and the cure
     */
    @Override
    public MtlsIdentity open(IdentityRuntime runtime) {
      return new MtlsIdentity(this, runtime, () -> {});
    }

    private PemDirectory source() {
      if (directory == null) {
        throw new IdentityException(
            CONFIGURATION, "An mTLS identity needs pemDirectory(...): where are its files?");
      }
      return new PemDirectory(directory, requiredTrustDomain());
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

    private CertificateProfile profile() {
      return dnsNames ? new DnsProfile(requiredTrustDomain()) : new SvidProfile();
    }

    private static void log(RefusedHandshake refused) {
      LOG.log(
          Level.INFO,
          "Refused a TLS client at {0}: {1}, {2}",
          refused.source(),
          refused.reason(),
          refused.detail());
    }
  }
}
