// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.List;
import java.util.Optional;

/** What answers at one moment. Immutable; the answers of one view agree with each other. */
sealed interface NetworkView permits ClusterView, BlindView {
  ViewStamp stamp();

  Optional<Workload> self();

  Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal);

  /** The names by which callers that run as a service account are known. */
  List<PrincipalId> namesOf(ServiceAccountName account);

  Resolution resolve(PrincipalId principal, IpAddress address);

  /** The same once it has been asked whether others have the address whom the view did not know. */
  Resolution resolveAsked(PrincipalId principal, IpAddress address);

  List<Workload> workloadsOf(ServiceAccountName account);

  PolicyDecision check(Flow flow);
}
