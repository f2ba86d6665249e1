// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.spi.Backoff;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.Opening;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All of JWT-SVIDs that an agent is asked for: bundles, who this service is, and its tokens. */
final class JwtAgent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(JwtAgent.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final Agent agent;
  private final Clock clock;
  private final Latest<JwtBundles> bundles;
  private final Latest<JwtSvid> own;
  private final AudienceTokens tokens;
  private final RenewedToken renewal;
  private final IdentityListeners listeners = new IdentityListeners(JwtSvidIdentity.NAME);
  private final AtomicReference<@Nullable IdentitySnapshot> current = new AtomicReference<>();
  private final AtomicReference<@Nullable String> troubleTold = new AtomicReference<>();
  private final AtomicReference<@Nullable IdentitySnapshot> endTold = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private JwtAgent(
      WorkloadApi api, SvidChoice choice, String audience, Clock clock, Backoff backoff) {
    this.agent = new Agent(api);
    this.clock = clock;
    this.bundles = new Latest<>("JWT bundle from " + api, new JwtBundlesReader(api), clock);
    var reader = new JwtSvidReader(api, choice, audience, clock);
    this.own = new Latest<>("JWT-SVID from " + api, reader, clock);
    this.tokens =
        new AudienceTokens(
            other ->
                new AudienceToken(
                    agent, new JwtSvidReader(api, choice, other, clock), backoff, clock));
    this.renewal = new RenewedToken(agent, reader, backoff, own);
  }

  /** Waits for bundles and for the first token, or throws and has closed all. */
  static JwtAgent open(
      WorkloadApi api,
      SvidChoice choice,
      String audience,
      IdentityRuntime runtime,
      RandomGenerator random) {
    var backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, random);
    var jwt = new JwtAgent(api, choice, audience, runtime.clock(), backoff);
    return Opening.orClose(
        jwt::close,
        () -> {
          jwt.renewal.start();
          UpdateStream.start(jwt.agent, ApiMethod.JWT_BUNDLES, random, jwt.bundles);
          long start = System.nanoTime();
          jwt.own.await(runtime.openTimeout());
          jwt.bundles.await(runtime.openTimeout().minusNanos(System.nanoTime() - start));
          jwt.own.onChange(jwt::changed);
          jwt.bundles.onChange(jwt::changed);
          return jwt;
        });
  }

  /**
   * Who this is.
   *
   * @throws IdentityException with code {@code CLOSED} after closing
   */
  IdentitySnapshot current() {
    requireOpen();
    IdentitySnapshot identity = current.get();
    if (identity == null) {
      throw new IllegalStateException("It is known before this is handed out");
    }
    return identity;
  }

  /**
   * The keys of those who may call.
   *
   * @throws IdentityException with code {@code CLOSED} after closing
   */
  JwtBundles bundles() {
    requireOpen();
    return bundles.good();
  }

  String token(String audience) {
    requireOpen();
    return tokens.of(audience).get().token();
  }

  Subscription subscribe(IdentityListener listener) {
    return listeners.subscribe(listener);
  }

  Health.Part health() {
    if (closed.get()) {
      return part(Health.Status.DOWN, "Closed", clock.instant());
    }
    IdentitySnapshot identity = current();
    Latest.Trouble trouble = trouble();
    if (!clock.instant().isBefore(identity.expiresAt())) {
      return part(
          Health.Status.DOWN,
          "This service's JWT-SVID ended at "
              + identity.expiresAt()
              + (trouble == null ? "" : ": " + trouble.cause().getMessage()),
          identity.expiresAt());
    }
    return trouble == null
        ? part(
            Health.Status.UP,
            identity.principal() + " until " + identity.expiresAt(),
            identity.notBefore())
        : part(
            Health.Status.DEGRADED, String.valueOf(trouble.cause().getMessage()), trouble.since());
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      agent.close();
      listeners.close();
    }
  }

  private void changed() {
    IdentitySnapshot before = current.get();
    JwtSvid token = own.good();
    if (before == null || !before.expiresAt().equals(token.expiresAt())) {
      rotated(token, before);
    }
    Latest.Trouble trouble = trouble();
    String message = trouble == null ? null : trouble.cause().getMessage();
    String told = troubleTold.getAndSet(message);
    IdentitySnapshot identity = current.get();
    if (trouble != null && message != null && !message.equals(told) && identity != null) {
      LOG.log(Level.WARNING, "JWT-SVIDs and bundles in use stay: " + message, trouble.cause());
      listeners.refreshFailed(identity, trouble.cause());
    }
    noticeEnd(identity);
  }

  private void rotated(JwtSvid token, @Nullable IdentitySnapshot before) {
    var identity =
        new IdentitySnapshot(
            BearerCallers.principal(token.subject()),
            token.obtainedAt(),
            token.expiresAt(),
            before == null ? 1 : before.generation() + 1);
    current.set(identity);
    if (before != null) {
      listeners.rotated(identity);
    }
  }

  private void noticeEnd(@Nullable IdentitySnapshot identity) {
    if (identity != null
        && !clock.instant().isBefore(identity.expiresAt())
        && !identity.equals(endTold.getAndSet(identity))) {
      listeners.expired(identity);
    }
  }

  private Latest.@Nullable Trouble trouble() {
    Latest.Trouble ofBundles = bundles.trouble();
    return ofBundles == null ? own.trouble() : ofBundles;
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IdentityException(CLOSED, "This JWT-SVID identity was closed; open a new one");
    }
  }

  private static Health.Part part(Health.Status status, String detail, Instant since) {
    return new Health.Part(JwtSvidIdentity.NAME.value(), status, detail, since);
  }
}
