// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.k8s.client.ClientSource;
import dev.serviceidentity.k8s.client.GivenClient;
import dev.serviceidentity.k8s.client.InCluster;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.Opening;
import dev.serviceidentity.spi.OwnedRuntime;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link TokenIdentity}: give it to {@code ServiceIdentity.builder().mechanism(…)}, or
 * {@link #open()} it to use it alone. Not thread-safe.
 *
 * <p>Callers' tokens are of the cluster and judged by its API server, unless {@link
 * #verifyByClusterKeys()} or {@link #verifyBy(OidcIssuer)} says otherwise.
 */
public final class TokenIdentityBuilder implements MechanismProvider {
  private static final Duration LONGEST_LIFE = Duration.ofDays(366);
  private static final Duration LONGEST_SKEW = Duration.ofMinutes(5);
  private static final Duration LONGEST_MEMORY = Duration.ofMinutes(5);

  private @Nullable ClientSource clients;
  private boolean byKeys;
  private @Nullable OidcIssuer oidc;
  private @Nullable String issuer;
  private @Nullable String domain;
  private final Set<String> audiences = new LinkedHashSet<>();
  private final Map<String, Path> files = new LinkedHashMap<>();
  private boolean requests;
  private @Nullable Function<Target, String> audienceOf;
  private boolean plainHttp;
  private Set<String> algorithms = Algorithms.USUAL;
  private Duration longestLife = Duration.ofDays(1);
  private Duration clockSkew = Duration.ofMinutes(1);
  private Duration memory = Duration.ofSeconds(30);
  private ReviewBudget.Rates reviews = ReviewBudget.Rates.USUAL;
  private IssuerKeys.Pace pace =
      new IssuerKeys.Pace(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofHours(1));

  TokenIdentityBuilder() {}

  /**
   * Asks the API server of the cluster that this process runs in, by the service account of its
   * pod.
   *
   * @return this builder
   */
  public TokenIdentityBuilder inCluster() {
    this.clients = InCluster.ofThisProcess();
    return this;
  }

  /**
   * Asks the API server that a client reaches: by TLS, or at a loopback address, where a proxy may
   * be, unless {@link #exposeTokensOverPlainHttp()} says otherwise.
   *
   * @param client stays open when the identity is closed
   * @return this builder
   */
  public TokenIdentityBuilder using(KubernetesClient client) {
    this.clients = new GivenClient(Objects.requireNonNull(client, "client"));
    return this;
  }

  /**
   * Verifies callers' tokens in this process, by the cluster's keys. That costs the API server
   * nothing, and does not see that a pod or service account was deleted: its tokens are good until
   * they end.
   *
   * @return this builder
   */
  public TokenIdentityBuilder verifyByClusterKeys() {
    this.byKeys = true;
    return this;
  }

  /**
   * Verifies callers' tokens in this process, by the keys of an OpenID Connect issuer. The
   * mechanism then has that issuer's name, and own tokens are of it, too.
   *
   * @param from the issuer
   * @return this builder
   */
  public TokenIdentityBuilder verifyBy(OidcIssuer from) {
    this.oidc = Objects.requireNonNull(from, "from");
    return this;
  }

  /**
   * The cluster's issuer, as its tokens have it. Needed where no own token says it; for another
   * issuer, {@link #verifyBy(OidcIssuer)} does.
   *
   * @param url for example {@code https://kubernetes.default.svc.cluster.local}
   * @return this builder
   */
  public TokenIdentityBuilder issuer(String url) {
    this.issuer = OidcIssuer.at(url).url();
    return this;
  }

  /**
   * The domain of the cluster's principals: its issuer's host and port unless said otherwise.
   *
   * @param name needed where the issuer's URL has a path, as those of clouds have
   * @return this builder
   */
  public TokenIdentityBuilder domain(String name) {
    this.domain = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * An audience by which callers name this service. One at least is required: a token for anybody
   * else could be used here by whoever received it.
   *
   * @param name for example this service's host name, and nothing that others share
   * @return this builder
   * @throws IllegalArgumentException if it is empty, or holds anything but visible ASCII
   */
  public TokenIdentityBuilder audience(String name) {
    audiences.add(visible(name));
    return this;
  }

  /**
   * A file with a token of this service for one audience, as a projected volume has it. It is read
   * again as it is replaced. The first one says who this service is.
   *
   * @param audience the audience that the token is for
   * @param file the token
   * @return this builder
   * @throws IllegalArgumentException if the audience is empty, or holds anything but visible ASCII
   */
  public TokenIdentityBuilder token(String audience, Path file) {
    files.put(visible(audience), Objects.requireNonNull(file, "file"));
    return this;
  }

  /**
   * Asks the API server for tokens for audiences without a file (TokenRequest), bound to the same
   * pod. This service's account needs the right to create {@code serviceaccounts/token} of itself.
   *
   * @return this builder
   */
  public TokenIdentityBuilder requestTokens() {
    this.requests = true;
    return this;
  }

  /**
   * For which audience a token is needed to call a target. Without it, this service calls nobody by
   * tokens.
   *
   * @param audience what the target accepts, for example {@code Target::host}
   * @return this builder
   */
  public TokenIdentityBuilder calling(Function<Target, String> audience) {
    this.audienceOf = Objects.requireNonNull(audience, "audience");
    return this;
  }

  /**
   * Sends tokens over connections without TLS, too: own ones to those whom this service calls, and
   * callers' to the API server. Whoever can listen on the way can then be whose token it is until
   * it ends, and who can answer in the API server's place, anybody at any time; only where
   * something else encrypts, such as a service mesh.
   *
   * @return this builder
   */
  public TokenIdentityBuilder exposeTokensOverPlainHttp() {
    this.plainHttp = true;
    return this;
  }

  /**
   * By which algorithms tokens may be signed: RS, PS and ES with 256, 384 and 512, and Ed25519,
   * unless said otherwise.
   *
   * @param names some of those, by their names in RFC 7518 and RFC 8037
   * @return this builder
   * @throws IllegalArgumentException if one is none of them, such as {@code none} and those with a
   *     shared secret, or there is none
   */
  public TokenIdentityBuilder algorithms(String... names) {
    this.algorithms = Algorithms.of(names);
    return this;
  }

  /**
   * How long before its end a caller's token is accepted at most: 24 hours unless said otherwise. A
   * token that was stolen serves until it ends.
   *
   * @param longest 1 second to 366 days
   * @return this builder
   * @throws IllegalArgumentException if it is shorter or longer
   */
  public TokenIdentityBuilder longestLife(Duration longest) {
    this.longestLife = within(Duration.ofSeconds(1), longest, LONGEST_LIFE);
    return this;
  }

  /**
   * How far the issuer's clock may be ahead of this host's: one minute unless said otherwise. A
   * token's end counts to the second all the same.
   *
   * @param most zero to 5 minutes
   * @return this builder
   * @throws IllegalArgumentException if it is more, or negative
   */
  public TokenIdentityBuilder clockSkew(Duration most) {
    this.clockSkew = within(Duration.ZERO, most, LONGEST_SKEW);
    return this;
  }

  /**
   * For how long the API server's good answer about a token counts: 30 seconds unless said
   * otherwise, and never beyond the token's end. So long a deleted pod can still call. Other
   * answers are not remembered.
   *
   * @param longest zero to 5 minutes
   * @return this builder
   * @throws IllegalArgumentException if it is more, or negative
   */
  public TokenIdentityBuilder reviewsCountFor(Duration longest) {
    this.memory = within(Duration.ZERO, longest, LONGEST_MEMORY);
    return this;
  }

  /**
   * How many TokenReviews a second tokens may cause that were never found good: 50 from sources of
   * which nothing was verified lately, and 400 from the others, unless said otherwise. One source
   * may cause a twenty-fifth of it. Each costs the API server a millisecond or two. Tokens that
   * were good before are judged again at the cost of their principal alone.
   *
   * @param strangers from all sources of which nothing was verified lately, 1 at least
   * @param known from all others, 1 at least
   * @return this builder
   * @throws IllegalArgumentException if one is less
   */
  public TokenIdentityBuilder reviewsPerSecond(int strangers, int known) {
    this.reviews = new ReviewBudget.Rates(strangers, known);
    return this;
  }

  /** How often keys are asked for. */
  TokenIdentityBuilder pace(IssuerKeys.Pace other) {
    this.pace = other;
    return this;
  }

  @Override
  public MechanismName name() {
    return oidc == null ? MechanismName.SERVICE_ACCOUNT_TOKEN : oidc.name();
  }

  /**
   * Opens the identity for use alone, with the system clock, waiting ten seconds at most.
   *
   * @return the identity, which the caller closes
   * @throws IdentityException as {@link #open(IdentityRuntime)} does
   */
  public TokenIdentity open() {
    OwnedRuntime owned =
        OwnedRuntime.start(
            Clock.systemUTC(), refused -> {}, Set.of(name()), Duration.ofSeconds(10));
    return Opening.orClose(owned::close, () -> assembly(owned.runtime()).open(owned::close));
  }

  /**
   * Opens the identity on a runtime that its owner keeps and closes: reads its tokens, and waits
   * for the issuer's keys or the API server's answer whether reviews are granted. A right that is
   * missing shows in {@link TokenIdentity#health()}.
   *
   * @param runtime clock, scheduler, and how long to wait
   * @return the identity, which the caller closes
   * @throws IdentityException with code {@code CONFIGURATION} if something required was not
   *     configured or contradicts something else, or a token's file is no good; {@code
   *     AUTHORITY_UNREACHABLE} if neither API server nor issuer has answered
   */
  @Override
  public TokenIdentity open(IdentityRuntime runtime) {
    return assembly(runtime).open(() -> {});
  }

  private Assembly assembly(IdentityRuntime runtime) {
    if (audiences.isEmpty()) {
      throw Assembly.wrong("audience(...): by which name do callers ask for tokens for it?");
    }
    if (oidc != null && (byKeys || requests || issuer != null || domain != null)) {
      throw Assembly.wrong(
          "either verifyBy(...), or verifyByClusterKeys(), requestTokens(), issuer(...) and"
              + " domain(...), which are of a cluster");
    }
    if (oidc == null && clients == null) {
      throw Assembly.wrong("inCluster(), using(client) or verifyBy(...): who judges tokens?");
    }
    if (requests && files.isEmpty()) {
      throw Assembly.wrong("token(...) for requestTokens(): as whom are they requested?");
    }
    var who = new Assembly.Who(name(), oidc, issuer, domain);
    var own =
        new Assembly.Own(
            files.entrySet().stream()
                .map(each -> new Assembly.Projected(each.getKey(), each.getValue()))
                .toList(),
            requests,
            new TokenIdentity.Sending(audienceOf, plainHttp));
    var judging =
        new Assembly.Judging(
            byKeys,
            Set.copyOf(audiences),
            algorithms,
            longestLife,
            clockSkew,
            memory,
            reviews,
            pace);
    return new Assembly(who, own, judging, clients, runtime);
  }

  private static String visible(String audience) {
    if (audience.isEmpty() || !audience.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("An audience is one character or more of visible ASCII");
    }
    return audience;
  }

  private static Duration within(Duration least, Duration value, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(value + " is not within " + least + " and " + most);
    }
    return value;
  }
}
