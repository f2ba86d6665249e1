// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.live.LiveSettings;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.NetworkProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link KubernetesNetwork} on a live cluster. Not thread-safe.
 *
 * <pre>{@code
 * try (KubernetesNetwork network = KubernetesNetwork.using(client)
 *     .wholeCluster()
 *     .ownPod("shop", "orders-1")
 *     .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
 *     .open()) {
 *   serve(network);
 * }
 * }</pre>
 */
public final class LiveNetworkBuilder implements NetworkProvider {
  private static final StalePolicy USUAL_STALE = StalePolicy.serveStaleFor(Duration.ofMinutes(5));
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

  private final ClientSource clients;
  private boolean wholeCluster;
  private @Nullable OwnPod ownPod;
  private WorkloadBinding binding = WorkloadBinding.builder().build();
  private Loopback loopback = Loopback.IGNORED;
  private PodsInBlocks podsInBlocks = Assumptions.DEFAULT.podsInBlocks();
  private Unowned unowned = Assumptions.DEFAULT.unowned();
  private List<Cidr> podNetworks = Assumptions.DEFAULT.podNetworks();
  private StalePolicy stale = USUAL_STALE;
  private Duration openTimeout = USUAL_TIMEOUT;
  private final List<ServiceTarget> targets = new ArrayList<>();
  private Clock clock = Clock.systemUTC();

  LiveNetworkBuilder(ClientSource clients) {
    this.clients = clients;
  }

  /**
   * Says which pod this process is. Within a cluster that is known from {@code POD_NAMESPACE} and
   * {@code POD_NAME}, where the downward API sets them, or from the service account's files and
   * {@code HOSTNAME}.
   *
   * @param namespace its namespace
   * @param name its name
   * @return this
   */
  public LiveNetworkBuilder ownPod(String namespace, String name) {
    this.ownPod = new OwnPod(namespace, name);
    return this;
  }

  /**
   * Watches all pods, policies and nodes, as a gateway and an audit need. Unless this is said, a
   * view watches its own pod, the policies of its own namespace and of the cluster, and the pods of
   * those service accounts that call; it then needs to know its own pod, and decides about flows to
   * and from it alone.
   *
   * @return this
   */
  public LiveNetworkBuilder wholeCluster() {
    this.wholeCluster = true;
    return this;
  }

  /**
   * Says which workloads proven names stand for; none do unless said here.
   *
   * @param rules the rules
   * @return this
   */
  public LiveNetworkBuilder binding(WorkloadBinding rules) {
    this.binding = rules;
    return this;
  }

  /**
   * Takes loopback addresses of pods for theirs. Any process of a machine can have such an address:
   * this is for a machine that plays a cluster, and for tests.
   *
   * @return this
   */
  public LiveNetworkBuilder trustLoopbackPods() {
    this.loopback = Loopback.TRUSTED;
    return this;
  }

  /**
   * Says whether an {@code ipBlock} matches pods; network plugins differ.
   *
   * @param answer {@link PodsInBlocks#MATCH} unless said here
   * @return this
   */
  public LiveNetworkBuilder podsInBlocks(PodsInBlocks answer) {
    this.podsInBlocks = answer;
    return this;
  }

  /**
   * Says how an address is judged that no known pod or node owns, while some of them are not known.
   *
   * @param answer {@link Unowned#UNDECIDABLE} unless said here; {@link Unowned#OUTSIDE} only with
   *     {@link #wholeCluster()}
   * @return this
   */
  public LiveNetworkBuilder unownedAddresses(Unowned answer) {
    this.unowned = answer;
    return this;
  }

  /**
   * Says where the pods have their addresses that are not known yet.
   *
   * @param blocks all of the cluster's pod networks; unless said here, an address may be any
   * @return this
   */
  public LiveNetworkBuilder podNetworks(List<Cidr> blocks) {
    this.podNetworks = List.copyOf(blocks);
    return this;
  }

  /**
   * Says for how long the view decides while it is not proven current. An identity has a limit of
   * its own beside this one.
   *
   * @param policy five minutes unless said here
   * @return this
   */
  public LiveNetworkBuilder stale(StalePolicy policy) {
    this.stale = policy;
    return this;
  }

  /**
   * Says how long opening may take.
   *
   * @param longest ten seconds unless said here, or what the identity says that opens the view
   * @return this
   */
  public LiveNetworkBuilder openTimeout(Duration longest) {
    this.openTimeout = longest;
    return this;
  }

  /**
   * Declares a service that this one calls, which the own check of an identity looks at: each pod
   * behind it must have an identity that the binding knows, and the policies of both ends must
   * permit the call. Until all was as it should be once, {@link KubernetesNetwork#health()} is
   * down.
   *
   * @param service the name in cluster DNS and a port of the Service by number or name, such as
   *     {@code orders.shop:8443}; a name alone is of the own namespace
   * @return this
   * @throws IdentityException with code {@code CONFIGURATION} if the text is no such name
   */
  public LiveNetworkBuilder target(String service) {
    targets.add(ServiceTarget.parse(service));
    return this;
  }

  /**
   * Replaces the clock that tells how old the view is.
   *
   * @param source the time of day
   * @return this
   */
  public LiveNetworkBuilder clock(Clock source) {
    this.clock = source;
    return this;
  }

  /**
   * Opens the view for an owner, by its clock and timeout.
   *
   * @param runtime the owner's clock and timeout
   * @return the view, to be closed by the owner
   * @throws IdentityException as {@link #open()} does
   */
  @Override
  public KubernetesNetwork open(IdentityRuntime runtime) {
    return clock(runtime.clock()).openTimeout(runtime.openTimeout()).open(true);
  }

  /**
   * Opens the view, and waits until everything has been seen that this service may see. What it may
   * not see is undecidable, and named in {@link KubernetesNetwork#health()}.
   *
   * @return the view, to be closed by the caller
   * @throws IdentityException with code {@code AUTHORITY_UNREACHABLE} if the API server does not
   *     answer in time, and {@code CONFIGURATION} if this process is not in a cluster, or its own
   *     pod is not
   */
  public KubernetesNetwork open() {
    return open(false);
  }

  private KubernetesNetwork open(boolean byIdentity) {
    OwnPod own = ownPod == null ? clients.ownPod().orElse(null) : ownPod;
    var settings =
        new LiveSettings(
            scope(own),
            new Assumptions(podsInBlocks, unowned, podNetworks),
            loopback,
            binding.annotatedNamespaces(),
            new LiveSettings.Timing(stale, openTimeout, clock));
    return new KubernetesNetwork(
        LiveView.open(clients, settings, new LiveView.Reader(binding, own, byIdentity)),
        targets,
        clock);
  }

  private LiveSettings.Scope scope(@Nullable OwnPod own) {
    if (wholeCluster) {
      return new LiveSettings.Scope.Whole();
    }
    if (own == null) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "Which pod this process is is not known; call ownPod(namespace, name), or wholeCluster()"
              + " if it is none");
    }
    if (unowned == Unowned.OUTSIDE) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "A view that does not watch all pods cannot take an address for one outside of the"
              + " cluster because it knows no owner; call wholeCluster(), or leave"
              + " unownedAddresses(OUTSIDE) out");
    }
    return new LiveSettings.Scope.Lean(own.namespace(), own.name());
  }
}
