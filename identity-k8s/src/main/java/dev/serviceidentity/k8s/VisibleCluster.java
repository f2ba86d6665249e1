// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.network.ClusterNetwork;
import java.util.List;

/**
 * A view of a cluster that also shows what it decides by, so that more can be asked than whether
 * one call may pass. Thread-safe; answers come from memory. A {@link KubernetesNetwork} is one, and
 * so is the cluster of the test kit.
 */
public interface VisibleCluster extends ClusterNetwork {
  /**
   * What the view decides by: of a live view that does not watch the whole cluster, the pods that
   * it watches.
   *
   * @return of this moment, or of the last one at which something could be decided
   */
  ClusterFacts facts();

  /**
   * The names by which callers that run as a service account are known here. Where Kerberos names
   * of every class of service are, {@code HTTP} stands for them.
   *
   * @param account a service account
   * @return every name that the binding tells, in their order; none if there is none
   */
  List<PrincipalId> namesOf(ServiceAccountName account);

  /**
   * What is wrong with the cluster's objects.
   *
   * @return of manifests the same report always, of a live cluster the one of this moment
   */
  LoadReport loadReport();
}
