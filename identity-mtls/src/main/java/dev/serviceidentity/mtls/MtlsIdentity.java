// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.ConnectionRule;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

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
 * <p>Certificate, key and authorities come from a {@link
 * dev.serviceidentity.mtls.source.SourceProvider source}: files, a key store, memory, or an issuer.
 * Peers are held to the X.509-SVID profile, or to the kind of name that was chosen instead, and to
 * those authorities, in the handshake and again at each request. Each authority counts within what
 * its own certificate permits: name constraints, path length, usages. Peers of other trust domains
 * are accepted where {@link MtlsIdentityBuilder#federatedTrust} names the file of their
 * authorities, or the source brings them, each for its own domain only.
 *
 * <p>A reading that cannot be used leaves the own certificate in use, until it expires and after.
 * Whom to trust does not wait for it: good authorities are followed at once, whatever is wrong with
 * the own certificate, and callers are judged by them even when this identity itself has expired
 * and can call nobody. Authorities that cannot be read leave the trust in use; see {@link
 * #health()}.
 *
 * <p>A connection that was made with {@link TlsMaterial#sslContext()} is ended within a second once
 * its client would be refused: its authority was removed, its certificate has expired, or it was
 * removed from the allowed callers of a {@code ServiceIdentity}; and a connection that a client
 * keeps, once its server would be refused. With {@link MtlsIdentityBuilder#revocation} it takes up
 * to a minute, and as long as asking takes for all of them. Where that context made an engine and
 * not the socket, the engine sends nothing more, and the container closes its socket when it next
 * writes. A container that makes a context of its own of the managers ends no connection; on it,
 * requests are refused. Before that, in the last minute of a client's certificate or its last fifth
 * if that is shorter, answers ask the client for a new connection. Thread-safe.
 */
public final class MtlsIdentity implements IdentityMechanism {
  private final Clock clock;
  private final FollowedSource source;
  private final RotatingTls tls;
  private final CallerVerifier callers;
  private final Runnable releaseRuntime;

  MtlsIdentity(
      FollowedSource source,
      CallerVerifier callers,
      RotatingTls tls,
      Clock clock,
      Runnable releaseRuntime) {
    this.source = source;
    this.callers = callers;
    this.tls = tls;
    this.clock = clock;
    this.releaseRuntime = releaseRuntime;
  }

  /**
   * Starts the configuration of an identity.
   *
   * @return a new builder
   */
  public static MtlsIdentityBuilder builder() {
    return new MtlsIdentityBuilder();
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
   * Reads the source now instead of when its change is noticed.
   *
   * @return the identity in use afterwards, the same as before if nothing has changed
   * @throws IdentityException naming place and cure if what is there cannot be used, or if a source
   *     of one's own fails by an error; the identity in use stays unless its own part is good, and
   *     trusts whom good parts with authorities say
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

  /**
   * Holds the connections that were made with {@link TlsMaterial#sslContext()} to a rule. A client
   * that the rule has never named keeps its connection, on which it is refused; so does a proxy
   * that is trusted to speak for others.
   */
  @Override
  public Subscription holdConnectionsTo(ConnectionRule rule) {
    return tls.holdConnectionsTo(Objects.requireNonNull(rule, "rule"));
  }

  @Override
  public Health.Part health() {
    return source.health();
  }

  @Override
  public void close() {
    try {
      source.close();
    } finally {
      // What a source of one's own throws leaves nothing else open.
      tls.close();
      releaseRuntime.run();
    }
  }

  /** Returns the principal. */
  @Override
  public String toString() {
    try {
      return "MtlsIdentity[" + current().principal() + "]";
    } catch (IdentityException closed) {
      return "MtlsIdentity[closed]";
    }
  }
}
