// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;
import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
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
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Proves identity by bearer tokens: the service-account tokens that Kubernetes projects into pods,
 * or those of another OpenID Connect issuer. Prefer mutual TLS where it reaches: whoever sees a
 * bearer token can use it until it ends.
 *
 * <pre>{@code
 * ServiceIdentity.builder()
 *     .mechanism(TokenIdentity.builder()
 *         .inCluster()                                    // callers' tokens: TokenReview
 *         .audience("orders")                             // what callers ask their token for
 *         .token("billing", Path.of("/var/run/secrets/tokens/billing"))
 *         .calling(target -> target.host()))              // which token is for whom
 * }</pre>
 *
 * <p>A token of a pod names that pod, so that the binding knows it ({@code
 * requirePodBoundCredential()}). Thread-safe.
 *
 * @see <a href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-auth">KEP-1205,
 *     bound service account tokens</a>
 */
public final class TokenIdentity implements IdentityMechanism {
  private final Parts parts;
  private final Clock clock;
  private final CallerVerifier callers;
  private final Runnable release;
  private final AtomicBoolean closed;

  /**
   * What it is made of.
   *
   * @param name of the mechanism
   * @param own the own tokens, or null if it only verifies
   * @param acceptor who it is if it only verifies
   * @param judge of callers' tokens
   * @param sending to whom tokens are sent
   */
  record Parts(
      MechanismName name,
      @Nullable OwnTokens own,
      IdentitySnapshot acceptor,
      Judge judge,
      Sending sending) {}

  /**
   * To whom tokens are sent.
   *
   * @param audienceOf the audience of a target, or null if nobody is called
   * @param plainHttp whether also without TLS
   */
  record Sending(@Nullable Function<Target, String> audienceOf, boolean plainHttp) {}

  TokenIdentity(Parts parts, Expectations expected, Clock clock, Runnable release) {
    this.parts = parts;
    this.clock = clock;
    this.release = release;
    this.closed = new AtomicBoolean();
    this.callers = new TokenCallers(expected, parts.judge(), clock, closed::get);
  }

  /**
   * Starts the configuration of an identity.
   *
   * @return a new builder
   */
  public static TokenIdentityBuilder builder() {
    return new TokenIdentityBuilder();
  }

  @Override
  public MechanismName name() {
    return parts.name();
  }

  @Override
  public IdentitySnapshot current() {
    requireOpen();
    OwnTokens own = parts.own();
    return own == null ? parts.acceptor() : own.current();
  }

  /**
   * The token for the audience of the target: from its file, or requested. Only the first request
   * for an audience without a file waits, for seconds at most.
   *
   * @throws IdentityException with code {@code CONFIGURATION} if there is no token for that
   *     audience, {@code calling(...)} was not configured, or the target is not called by {@code
   *     https}, where anybody on the way could take the token; {@code EXPIRED} if the token has
   *     ended and was not replaced; else what the API server says
   */
  @Override
  public RequestCredentials credentialsFor(Target target) {
    requireOpen();
    Function<Target, String> audienceOf = parts.sending().audienceOf();
    OwnTokens own = parts.own();
    if (audienceOf == null || own == null) {
      throw new IdentityException(
          CONFIGURATION,
          "For which audience is a token for " + target + "? Configure token(...), calling(...)");
    }
    if (!target.isSecure() && !parts.sending().plainHttp()) {
      throw new IdentityException(
          CONFIGURATION,
          "Over plain HTTP a token can be taken and used by others; call "
              + target
              + " by https, or say exposeTokensOverPlainHttp()");
    }
    OwnToken token = own.token(audienceOf.apply(target));
    return RequestCredentials.bearer(
        new HeaderField("Authorization", "Bearer " + token.token().text()));
  }

  @Override
  public CallerVerifier callers() {
    return callers;
  }

  @Override
  public Optional<TlsMaterial> tls() {
    return Optional.empty();
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    OwnTokens own = parts.own();
    return own == null ? () -> {} : own.subscribe(listener);
  }

  @Override
  public Health.Part health() {
    if (closed.get()) {
      return part(Status.DOWN, "Closed", clock.instant());
    }
    IdentitySnapshot identity = current();
    OwnTokens own = parts.own();
    Trouble ofOwn = own == null ? null : own.trouble();
    Trouble trouble = ofOwn == null ? parts.judge().trouble() : ofOwn;
    if (!clock.instant().isBefore(identity.expiresAt())) {
      return part(
          Status.DOWN,
          "The token of " + identity.principal() + " ended at " + identity.expiresAt(),
          identity.expiresAt());
    }
    return trouble == null
        ? part(
            Status.UP,
            identity.principal()
                + (own == null ? " verifies only" : " until " + identity.expiresAt()),
            identity.notBefore())
        : part(Status.DEGRADED, trouble.what(), trouble.since());
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      parts.judge().close();
      OwnTokens own = parts.own();
      if (own != null) {
        own.close();
      }
      release.run();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IdentityException(CLOSED, "This identity of tokens was closed; open a new one");
    }
  }

  private Health.Part part(Status status, String detail, Instant since) {
    return new Health.Part(name().value(), status, detail, since);
  }

  /** Returns who this is, or what is wrong. */
  @Override
  public String toString() {
    return "TokenIdentity[" + health().detail() + "]";
  }
}
