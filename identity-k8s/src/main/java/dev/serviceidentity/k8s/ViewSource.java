// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.live.Backing;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.FindingListener;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where views come from. Thread-safe. */
interface ViewSource extends AutoCloseable {
  /** The view in force; never waits. */
  NetworkView view();

  /** Looks for whatever the view in force does not show yet. */
  default CompletionStage<Resolution> lookUp(PrincipalId principal, IpAddress address) {
    return CompletableFuture.completedStage(view().resolve(principal, address));
  }

  /**
   * The pods of a service account, as far as the view in force shows them. Begins to look for them
   * if it shows none.
   */
  default List<Workload> workloadsOf(ServiceAccountName account) {
    return view().workloadsOf(account);
  }

  /** What the last view was made of, which is less than {@link #contents} and asks nobody. */
  ClusterFacts facts();

  /** All that the view in force shows; may ask for what it does not hold. */
  Manifests contents();

  /** Tells which rights are missing. */
  default void inspect(FindingListener heard) {}

  /** What stands behind a Service; may ask for it. */
  Backing backing(String namespace, String service);

  LoadReport report();

  Health.Part health();

  @Override
  void close();
}
