// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.client.GivenClient;
import dev.serviceidentity.k8s.client.InCluster;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.FindingListener;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes cluster as the guard sees it: which pod is behind an address, which service account
 * a proven name stands for, and what the network policies say about a flow. Thread-safe; answers
 * come from memory and never wait.
 *
 * <pre>{@code
 * try (KubernetesNetwork network = KubernetesNetwork.inCluster()
 *     .wholeCluster()
 *     .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
 *     .open()) {
 *   serve(network);
 * }
 * }</pre>
 *
 * <p>Manifests are a cluster that never changes:
 *
 * <pre>{@code
 * try (KubernetesNetwork network = KubernetesNetwork.fromManifests(Path.of("manifests"))
 *     .ownPod("shop", "orders-1")
 *     .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
 *     .open()) {
 *   var flow = new Flow(
 *       FlowEnd.pod("shop", "web-1"), FlowEnd.pod("shop", "orders-1"), 8080, TCP, INGRESS);
 *   PolicyDecision decision = network.check(flow);
 *   log(decision.verdict(), decision.explanation(flow).render());
 * }
 * }</pre>
 */
public final class KubernetesNetwork implements VisibleCluster {
  static final String NAME = "kubernetes";
  private static final String CLOSED = "the view of the cluster has been closed";

  private final ViewSource source;
  private final Inspection inspection;
  private final Clock clock;

  /** Null until closed. */
  private volatile @Nullable Closed closed;

  KubernetesNetwork(ViewSource source, List<ServiceTarget> targets, Clock clock) {
    this.source = source;
    this.inspection = new Inspection(source, targets, clock);
    this.clock = clock;
    inspection.start();
  }

  /** What is left once it has been closed. */
  private record Closed(NetworkView view, Instant at) {}

  /**
   * A view of the cluster that this process runs in, by the service account of its pod.
   *
   * @return a builder
   */
  public static LiveNetworkBuilder inCluster() {
    return new LiveNetworkBuilder(InCluster.ofThisProcess());
  }

  /**
   * A view of the cluster that a client reaches.
   *
   * @param client stays open when the view is closed
   * @return a builder
   */
  public static LiveNetworkBuilder using(KubernetesClient client) {
    return new LiveNetworkBuilder(new GivenClient(client));
  }

  /**
   * A view from manifest files, which are all there is to know and are read once.
   *
   * @param paths files, and directories of which, and of those in them, the {@code .yaml}, {@code
   *     .yml} and {@code .json} files are read
   * @return a builder
   */
  public static ManifestNetworkBuilder fromManifests(Path... paths) {
    return new ManifestNetworkBuilder(List.of(paths));
  }

  /**
   * A view from manifests that have been read, which are all there is to know.
   *
   * @param manifests what {@link dev.serviceidentity.k8s.cluster.ManifestReader} has read
   * @return a builder
   */
  public static ManifestNetworkBuilder fromManifests(Manifests manifests) {
    return new ManifestNetworkBuilder(manifests);
  }

  /** The view in force. */
  NetworkView view() {
    Closed end = closed;
    return end == null ? source.view() : end.view();
  }

  @Override
  public Optional<Workload> self() {
    return view().self();
  }

  @Override
  public Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal) {
    return view().serviceAccountOf(principal);
  }

  /**
   * Finds the pods behind an address. Loopback, own and node addresses are hidden; a principal that
   * names its pod narrows the answer to that pod.
   */
  @Override
  public Resolution resolve(Caller caller, SourceAddress address) {
    return view().resolve(caller.principal(), IpAddress.of(address.effective()));
  }

  /**
   * Finds the pods behind an address that a view has not watched so far: it begins to watch those
   * of the caller's service account, and if they do not have the address, of whoever has it.
   */
  @Override
  public CompletionStage<Resolution> lookUp(Caller caller, SourceAddress address) {
    Closed end = closed;
    IpAddress effective = IpAddress.of(address.effective());
    return end == null
        ? source.lookUp(caller.principal(), effective)
        : CompletableFuture.completedStage(end.view().resolve(caller.principal(), effective));
  }

  /**
   * The pods that run as a service account. A view that does not watch all pods begins to watch
   * those of one that it does not know; they are known a moment later.
   */
  @Override
  public List<Workload> workloadsOf(ServiceAccountName account) {
    Closed end = closed;
    return end == null ? source.workloadsOf(account) : end.view().workloadsOf(account);
  }

  @Override
  public PolicyDecision check(Flow flow) {
    return view().check(flow);
  }

  @Override
  public ViewStamp stamp() {
    return view().stamp();
  }

  /**
   * All that the view shows at this moment, for programs that ask about all of it. A live view of
   * the whole cluster asks the API server who made the pods, and blocks for so long; what it may
   * not see is an error in the report.
   *
   * @return of manifests what was read, of a live cluster what manifests of it would say
   * @throws dev.serviceidentity.identity.IdentityException with code {@code AUTHORITY_UNREACHABLE}
   *     if the API server does not answer
   */
  public Manifests contents() {
    return source.contents();
  }

  @Override
  public ClusterFacts facts() {
    return source.facts();
  }

  @Override
  public List<PrincipalId> namesOf(ServiceAccountName account) {
    return view().namesOf(account);
  }

  @Override
  public LoadReport loadReport() {
    return source.report();
  }

  /**
   * Tells which rights are missing, which policies cannot be read, and of each declared target,
   * which endpoints have no identity or cannot be reached by the policies of either side. A live
   * view asks the API server for what stands behind the targets, and blocks for that.
   */
  @Override
  public void inspect(FindingListener heard) {
    if (closed == null) {
      inspection.now(heard);
    } else {
      heard.broken(NAME, CLOSED, "");
    }
  }

  /** How the view does. Where targets are declared, it is down until all was right with them. */
  @Override
  public Health.Part health() {
    Closed end = closed;
    return end == null
        ? inspection.onto(source.health())
        : new Health.Part(NAME, Health.Status.DOWN, CLOSED, end.at());
  }

  @Override
  public void close() {
    if (closed == null) {
      closed = new Closed(new BlindView(CLOSED, source.view().stamp()), clock.instant());
      inspection.close();
      source.close();
    }
  }
}
