// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
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
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Proves identity by JWT-SVIDs, where a proxy between caller and service ends TLS. Tokens for each
 * audience come from a SPIFFE Workload API; those of callers are verified in this process by the
 * bundles that the same API keeps sending. Prefer mutual TLS where it reaches: whoever sees a
 * bearer token can use it until it ends.
 *
 * <pre>{@code
 * ServiceIdentity.builder()
 *     .mechanism(JwtSvidIdentity.builder()
 *         .workloadApi(WorkloadApi.at("unix:///run/spire/agent/api.sock"))
 *         .trustDomain("shop.example")
 *         .audience("orders")                     // what callers ask their token for
 *         .calling(target -> target.host()))      // and for whom this service asks one
 * }</pre>
 *
 * <p>An agent that fails leaves bundles and tokens in use, tokens until they end, and is asked
 * again for ever. Thread-safe.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 */
public final class JwtSvidIdentity implements IdentityMechanism {
  /** What this mechanism is called. */
  public static final MechanismName NAME = MechanismName.of("jwt-svid");

  private final JwtAgent agent;
  private final CallerVerifier callers;
  private final @Nullable Function<Target, String> audienceOf;
  private final Runnable releaseRuntime;

  JwtSvidIdentity(
      JwtAgent agent,
      CallerVerifier callers,
      @Nullable Function<Target, String> audienceOf,
      Runnable releaseRuntime) {
    this.agent = agent;
    this.callers = callers;
    this.audienceOf = audienceOf;
    this.releaseRuntime = releaseRuntime;
  }

  /**
   * Starts the configuration of an identity.
   *
   * @return a new builder
   */
  public static JwtSvidIdentityBuilder builder() {
    return new JwtSvidIdentityBuilder();
  }

  @Override
  public MechanismName name() {
    return NAME;
  }

  @Override
  public IdentitySnapshot current() {
    return agent.current();
  }

  /**
   * A token for the audience of the target. The agent is asked for it once, and again in the
   * background before it ends; only the first request for an audience waits, for seconds at most.
   *
   * @throws IdentityException with code {@code CONFIGURATION} if the target is not called by {@code
   *     https}, where anybody on the way could take the token, or {@code calling(...)} was not
   *     configured; else what the agent says
   */
  @Override
  public RequestCredentials credentialsFor(Target target) {
    if (audienceOf == null) {
      throw new IdentityException(
          CONFIGURATION,
          "For which audience is a token for " + target + "? Configure calling(...)");
    }
    if (!target.isSecure()) {
      throw new IdentityException(
          CONFIGURATION,
          "Over plain HTTP a JWT-SVID can be taken and used by others; call "
              + target
              + " by https");
    }
    String token = agent.token(audienceOf.apply(target));
    return RequestCredentials.bearer(new HeaderField("Authorization", "Bearer " + token));
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
    return agent.subscribe(listener);
  }

  @Override
  public Health.Part health() {
    return agent.health();
  }

  @Override
  public void close() {
    agent.close();
    releaseRuntime.run();
  }

  /** Returns who this is, or what is wrong. */
  @Override
  public String toString() {
    return "JwtSvidIdentity[" + health().detail() + "]";
  }
}
