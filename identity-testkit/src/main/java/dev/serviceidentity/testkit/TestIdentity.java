// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who calls in a test: a principal of any mechanism, and what its requests bring.
 *
 * <pre>{@code
 * TestIdentity web = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web").from("10.1.0.5");
 * CallerEvidence good = web.evidence().request("GET", "/orders/7");
 * CallerEvidence late = web.expired().evidence();
 * CallerEvidence forged = web.tampered().evidence();
 * }</pre>
 *
 * <p>Its credential is a header field {@code Test-Identity} with the name in clear text, sealed
 * under a random key of this JVM; {@link TestVerifier} and {@link FakeMechanism} verify it, and
 * nobody else does. It takes the place of the proof alone: everything after it, the guard with its
 * layers included, is the real thing. Where the proof itself matters, {@link #issuedBy} makes it a
 * real certificate for a real {@code MtlsIdentity}; a real ticket comes from {@link EmbeddedKdc}.
 *
 * <p>Each method that takes a part returns a new value with that part. Immutable and thread-safe.
 */
public final class TestIdentity {
  private static final Duration LIFETIME = Duration.ofHours(1);

  /** Clocks differ, and so authorities date back. */
  private static final Duration BACKDATED = Duration.ofMinutes(1);

  /** When the credential is valid, told from the time at which it is made. */
  private record Life(Clock clock, Duration begin, Duration end) {
    Instant notBefore() {
      return clock.instant().plus(begin);
    }

    Instant expiresAt() {
      return clock.instant().plus(end);
    }
  }

  /** Addresses for documentation, which belong to nobody (RFC 5737). */
  private record Path(InetSocketAddress source, InetSocketAddress local) {
    static Path outside() {
      return new Path(
          new InetSocketAddress(Addresses.literal("192.0.2.1"), 40000),
          new InetSocketAddress(Addresses.literal("192.0.2.2"), 8080));
    }
  }

  private final PrincipalId principal;
  private final Life life;
  private final Path path;
  private final boolean tampered;
  private final @Nullable DevelopmentCa issuer;

  private TestIdentity(
      PrincipalId principal,
      Life life,
      Path path,
      boolean tampered,
      @Nullable DevelopmentCa issuer) {
    this.principal = principal;
    this.life = life;
    this.path = path;
    this.tampered = tampered;
    this.issuer = issuer;
  }

  /**
   * An identity that is valid for an hour.
   *
   * @param principal as {@link PrincipalId#parse} reads it, for example {@code
   *     spiffe://shop.example/ns/shop/sa/web}, {@code kerberos:alice@SHOP.EXAMPLE} or {@code
   *     service-account-token:spiffe://shop.example/ns/shop/sa/web}
   * @return the identity, calling from 192.0.2.1, which lies outside every cluster
   * @throws IllegalArgumentException if the text is no principal
   */
  public static TestIdentity of(String principal) {
    return of(PrincipalId.parse(principal));
  }

  /**
   * An identity that is valid for an hour.
   *
   * @param principal who it is
   * @return the identity, calling from 192.0.2.1, which lies outside every cluster
   */
  public static TestIdentity of(PrincipalId principal) {
    return new TestIdentity(
        Objects.requireNonNull(principal, "principal"),
        new Life(Clock.systemUTC(), BACKDATED.negated(), LIFETIME),
        Path.outside(),
        false,
        null);
  }

  /**
   * The same by another clock, which should be the verifier's.
   *
   * @param source tells when credentials are made; the system's clock unless this is called
   * @return a new identity
   */
  public TestIdentity clock(Clock source) {
    return live(new Life(Objects.requireNonNull(source, "source"), life.begin(), life.end()));
  }

  /**
   * The same with credentials of another life.
   *
   * @param time from when they are made
   * @return a new identity
   */
  public TestIdentity lifetime(Duration time) {
    return live(new Life(life.clock(), life.begin(), Objects.requireNonNull(time, "time")));
  }

  /**
   * The same with credentials that ended an hour before they are shown.
   *
   * @return a new identity
   */
  public TestIdentity expired() {
    return live(new Life(life.clock(), LIFETIME.multipliedBy(-2), LIFETIME.negated()));
  }

  /**
   * The same with credentials that begin an hour after they are shown.
   *
   * @return a new identity
   */
  public TestIdentity notYetValid() {
    return live(new Life(life.clock(), LIFETIME, LIFETIME.multipliedBy(2)));
  }

  /**
   * The same with credentials that were changed after they were made: a longer life under the old
   * seal, or a certificate with one bit of its signature turned over.
   *
   * @return a new identity
   */
  public TestIdentity tampered() {
    return new TestIdentity(principal, life, path, true, issuer);
  }

  /**
   * The same, calling from an address.
   *
   * @param address a literal IPv4 or IPv6 address; nothing is looked up
   * @return a new identity
   * @throws IllegalArgumentException if it is no address
   */
  public TestIdentity from(String address) {
    return from(Addresses.literal(address));
  }

  /**
   * The same, calling from an address.
   *
   * @param address for example a pod's
   * @return a new identity
   */
  public TestIdentity from(InetAddress address) {
    return along(new Path(new InetSocketAddress(address, path.source().getPort()), path.local()));
  }

  /**
   * The same, calling a port of the service; 8080 unless this is called. Network policies go by it.
   *
   * @param port 1 to 65535
   * @return a new identity
   */
  public TestIdentity toPort(int port) {
    InetAddress local = path.local().getAddress();
    return along(new Path(path.source(), new InetSocketAddress(local, port)));
  }

  /**
   * The same with a real certificate in place of the header field: evidence as a TLS connection
   * leaves it, for a real {@code MtlsIdentity} that trusts the authority. Making evidence then
   * takes about a millisecond.
   *
   * @param authority issues a certificate for each evidence
   * @return a new identity
   * @throws IllegalArgumentException if this is no mTLS principal
   */
  public TestIdentity issuedBy(DevelopmentCa authority) {
    TestCertificate.template(principal);
    return new TestIdentity(
        principal, life, path, tampered, Objects.requireNonNull(authority, "authority"));
  }

  /**
   * Who this is.
   *
   * @return never null
   */
  public PrincipalId principal() {
    return principal;
  }

  /**
   * This identity as a verifier states it, for code that takes a {@code Caller}.
   *
   * @return a caller who has just been verified
   */
  public Caller caller() {
    return Caller.of(principal, life.clock().instant(), life.expiresAt());
  }

  /**
   * What a request of this identity shows, for tests that send real requests.
   *
   * @return fresh credentials; with a certificate there is nothing to add to a request
   */
  public RequestCredentials credentials() {
    if (issuer != null) {
      return RequestCredentials.inConnection();
    }
    var token = new TestToken(principal, life.notBefore(), life.expiresAt());
    return RequestCredentials.of(
        tampered ? token.tamperedField() : token.field(),
        (status, headers) -> FakeVerifier.judgeReply(principal.mechanism(), headers));
  }

  /**
   * What a request of this identity brings, valid from now on.
   *
   * @return evidence of a GET of {@code /}, to be completed by {@code request(...)}
   */
  public CallerEvidence evidence() {
    CallerEvidence anonymous = CallerEvidence.of(path.source(), path.local()).request("GET", "/");
    if (issuer != null) {
      return anonymous.peerCertificates(
          TestCertificate.of(principal, life.notBefore(), life.expiresAt())
              .issuedBy(issuer, tampered));
    }
    var fields = new HashMap<String, List<String>>();
    credentials().applyTo((name, value) -> fields.put(name, List.of(value)));
    return anonymous.headers(fields);
  }

  /** Returns the principal's canonical text. */
  @Override
  public String toString() {
    return principal.toString();
  }

  private TestIdentity live(Life other) {
    return new TestIdentity(principal, other, path, tampered, issuer);
  }

  private TestIdentity along(Path other) {
    return new TestIdentity(principal, life, other, tampered, issuer);
  }
}
