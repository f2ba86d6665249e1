// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mtls.SpiffeId;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.Opening;
import dev.serviceidentity.spi.OwnedRuntime;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link JwtSvidIdentity}: give it to {@code ServiceIdentity.builder().mechanism(…)},
 * or {@link #open()} it to use it alone. Not thread-safe.
 */
public final class JwtSvidIdentityBuilder implements MechanismProvider {
  private static final Duration LONGEST_LIFE = Duration.ofDays(1);

  private @Nullable WorkloadApi api;
  private @Nullable String trustDomain;
  private @Nullable String id;
  private final Set<String> audiences = new LinkedHashSet<>();
  private @Nullable Function<Target, String> audienceOf;
  private Duration longestLife = Duration.ofHours(1);

  JwtSvidIdentityBuilder() {}

  /**
   * Where the agent is. Required.
   *
   * @param agent the Workload API
   * @return this builder
   */
  public JwtSvidIdentityBuilder workloadApi(WorkloadApi agent) {
    this.api = Objects.requireNonNull(agent, "agent");
    return this;
  }

  /**
   * The SPIFFE trust domain of this service. Required. Callers may be of the trust domains that the
   * agent sends bundles of: this one and those that it federates with.
   *
   * @param name for example {@code shop.example}
   * @return this builder
   * @throws IllegalArgumentException if the name cannot be a trust domain
   */
  public JwtSvidIdentityBuilder trustDomain(String name) {
    this.trustDomain = SpiffeId.parse("spiffe://" + name).trustDomain();
    if (!trustDomain.equals(name)) {
      throw new IllegalArgumentException("A trust domain has no path: " + name);
    }
    return this;
  }

  /**
   * Which ID this service uses, where the agent has several for it.
   *
   * @param spiffeId the whole ID; without this, the first one
   * @return this builder
   * @throws IllegalArgumentException if it is no ID of a workload
   */
  public JwtSvidIdentityBuilder svid(String spiffeId) {
    this.id = SvidChoice.requireWorkload(spiffeId);
    return this;
  }

  /**
   * An audience by which callers name this service. One at least is required: a token for anybody
   * else could be used here by whoever received it.
   *
   * @param name for example this service's SPIFFE ID or host name, and nothing that others share
   * @return this builder
   * @throws IllegalArgumentException if it is empty
   */
  public JwtSvidIdentityBuilder audience(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("An audience has a name");
    }
    audiences.add(name);
    return this;
  }

  /**
   * For which audience a token is asked to call a target. Without it, this service calls nobody by
   * JWT-SVIDs.
   *
   * @param audience what the target accepts, for example {@code Target::host}
   * @return this builder
   */
  public JwtSvidIdentityBuilder calling(Function<Target, String> audience) {
    this.audienceOf = Objects.requireNonNull(audience, "audience");
    return this;
  }

  /**
   * How long before its end a caller's token is accepted at most: one hour unless said otherwise. A
   * token that was stolen serves until it ends.
   *
   * @param longest 1 second to 24 hours
   * @return this builder
   * @throws IllegalArgumentException if it is shorter or longer
   */
  public JwtSvidIdentityBuilder longestLife(Duration longest) {
    if (longest.compareTo(Duration.ofSeconds(1)) < 0 || longest.compareTo(LONGEST_LIFE) > 0) {
      throw new IllegalArgumentException("A token's life is 1 second to 24 hours, not " + longest);
    }
    this.longestLife = longest;
    return this;
  }

  @Override
  public MechanismName name() {
    return JwtSvidIdentity.NAME;
  }

  /**
   * Opens the identity for use alone, with the system clock, waiting ten seconds at most.
   *
   * @return the identity, which the caller closes
   * @throws IdentityException as {@link #open(IdentityRuntime)} does
   */
  public JwtSvidIdentity open() {
    OwnedRuntime owned =
        OwnedRuntime.start(
            Clock.systemUTC(), refused -> {}, Set.of(name()), Duration.ofSeconds(10));
    return Opening.orClose(owned::close, () -> assemble(owned.runtime(), owned::close));
  }

  /**
   * Opens the identity on a runtime that its owner keeps and closes; waits for the first bundles
   * and for a token of its own.
   *
   * @param runtime clock, and how long to wait
   * @return the identity, which the caller closes
   * @throws IdentityException with code {@code CONFIGURATION} if something required was not
   *     configured; else saying what the agent did and what to do
   */
  @Override
  public JwtSvidIdentity open(IdentityRuntime runtime) {
    return assemble(runtime, () -> {});
  }

  private JwtSvidIdentity assemble(IdentityRuntime runtime, Runnable releaseRuntime) {
    WorkloadApi agent = required(api, "workloadApi(...): where is the agent?");
    var choice =
        new SvidChoice(
            required(trustDomain, "trustDomain(...): which SPIFFE trust domain is it of?"), id);
    Set<String> accepted = Set.copyOf(audiences);
    String first =
        required(
            audiences.stream().findFirst().orElse(null),
            "audience(...): by which name do callers ask for tokens for this service?");
    JwtAgent opened = JwtAgent.open(agent, choice, first, runtime, new Random());
    var callers = new BearerCallers(opened::bundles, accepted, longestLife, runtime.clock());
    return new JwtSvidIdentity(opened, callers, audienceOf, releaseRuntime);
  }

  private static <T> T required(@Nullable T configured, String question) {
    if (configured == null) {
      throw new IdentityException(CONFIGURATION, "A JWT-SVID identity needs " + question);
    }
    return configured;
  }
}
