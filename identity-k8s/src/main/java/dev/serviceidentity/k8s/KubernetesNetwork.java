// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes cluster as the guard sees it: which pod is behind an address, which service account
 * a proven name stands for, and what the network policies say about a flow. Thread-safe; answers
 * come from memory and never wait.
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
public final class KubernetesNetwork implements ClusterNetwork {
  private static final String NAME = "kubernetes";
  private static final String CLOSED = "the view of the cluster has been closed";

  private final ViewStamp stamp;
  private final LoadReport report;
  private final Health.Part opened;
  private final Clock clock;

  /** Null once closed. */
  private volatile @Nullable ClusterView view;

  private volatile @Nullable Instant closedAt;

  KubernetesNetwork(ClusterView view, LoadReport report, OpenState state) {
    this.view = view;
    this.stamp = view.stamp();
    this.report = report;
    this.clock = state.clock();
    this.opened = new Health.Part(NAME, state.status(), state.detail(), state.clock().instant());
  }

  /** How opening went. */
  record OpenState(Health.Status status, String detail, Clock clock) {}

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

  @Override
  public Optional<Workload> self() {
    ClusterView current = view;
    return current == null ? Optional.empty() : current.self();
  }

  @Override
  public Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal) {
    ClusterView current = view;
    return current == null
        ? Optional.empty()
        : current.principals().of(principal).map(PrincipalTemplate.Bound::account);
  }

  /**
   * Finds the pods behind an address. Loopback, own and node addresses are hidden; a principal that
   * names its pod narrows the answer to that pod.
   */
  @Override
  public Resolution resolve(Caller caller, SourceAddress source) {
    ClusterView current = view;
    return current == null
        ? new Resolution.Unknown(CLOSED)
        : current.resolve(caller.principal(), IpAddress.of(source.effective()));
  }

  @Override
  public List<Workload> workloadsOf(ServiceAccountName account) {
    ClusterView current = view;
    return current == null ? List.of() : current.workloadsOf(account);
  }

  @Override
  public PolicyDecision check(Flow flow) {
    ClusterView current = view;
    return current == null
        ? PolicyDecision.of(
            Verdict.UNDECIDABLE,
            asked -> new Explanation(asked + " is undecidable: " + CLOSED, List.of(), List.of()),
            stamp)
        : current.check(flow);
  }

  @Override
  public ViewStamp stamp() {
    return stamp;
  }

  /**
   * What was found wrong while the cluster's objects were read.
   *
   * @return the same report always
   */
  public LoadReport loadReport() {
    return report;
  }

  @Override
  public Health.Part health() {
    Instant closed = closedAt;
    return closed == null ? opened : new Health.Part(NAME, Health.Status.DOWN, CLOSED, closed);
  }

  @Override
  public void close() {
    if (view != null) {
      closedAt = clock.instant();
      view = null;
    }
  }
}
