// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.budget.CallerBudget;
import dev.serviceidentity.k8s.client.ClientSource;
import dev.serviceidentity.k8s.live.LiveSettings;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.spi.IdentityRuntime;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link KubernetesNetwork} on a live cluster. Not thread-safe.
 *
 * <p>Within a cluster the own pod is known from {@code POD_NAMESPACE} and {@code POD_NAME}, where
 * the downward API sets them, or from the service account's files and {@code HOSTNAME}.
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
public final class LiveNetworkBuilder extends NetworkBuilder<LiveNetworkBuilder> {
  private static final StalePolicy USUAL_STALE = StalePolicy.serveStaleFor(Duration.ofMinutes(5));
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

  /** A little less than an admission may take, so that what is said at last is why. */
  private static final Duration USUAL_PATIENCE = Duration.ofMillis(400);

  private final ClientSource clients;
  private boolean wholeCluster;
  private StalePolicy stale = USUAL_STALE;
  private Duration openTimeout = USUAL_TIMEOUT;
  private Duration patience = USUAL_PATIENCE;

  LiveNetworkBuilder(ClientSource clients) {
    this.clients = clients;
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
   * Says how long a request waits whose pod the API does not show yet, such as one that has just
   * been started. It goes on as soon as the view shows the pod; no thread waits.
   *
   * @param longest 400 milliseconds unless said here; zero if nobody is to wait. An admission ends
   *     after its own timeout at the latest
   * @return this
   */
  public LiveNetworkBuilder newPods(Duration longest) {
    this.patience = longest;
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

  @Override
  LiveNetworkBuilder self() {
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
    OwnPod own =
        ownPod == null
            ? clients.ownPod().map(pod -> new OwnPod(pod.namespace(), pod.name())).orElse(null)
            : ownPod;
    var settings =
        new LiveSettings(
            scope(own),
            assumptions(),
            loopback,
            binding.annotatedNamespaces(),
            new LiveSettings.Timing(stale, openTimeout, clock));
    return new KubernetesNetwork(
        LiveView.open(
            clients,
            settings,
            new LiveView.Reader(
                binding,
                own,
                byIdentity,
                patience,
                CallerBudget.usual(
                    assumptions().podNetworks(), new SecureRandom(), System::nanoTime))),
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
