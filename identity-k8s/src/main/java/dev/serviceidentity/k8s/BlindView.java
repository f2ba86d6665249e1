// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.List;
import java.util.Optional;

/** A view by which nothing may be decided, and why. */
record BlindView(String why, ViewStamp stamp) implements NetworkView {
  @Override
  public Optional<Workload> self() {
    return Optional.empty();
  }

  @Override
  public Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal) {
    return Optional.empty();
  }

  @Override
  public List<PrincipalId> namesOf(ServiceAccountName account) {
    return List.of();
  }

  @Override
  public Resolution resolve(PrincipalId principal, IpAddress address) {
    return new Resolution.Unknown(why);
  }

  @Override
  public Resolution resolveAsked(PrincipalId principal, IpAddress address) {
    return resolve(principal, address);
  }

  @Override
  public List<Workload> workloadsOf(ServiceAccountName account) {
    return List.of();
  }

  @Override
  public PolicyDecision check(Flow flow) {
    return PolicyDecision.of(
        Verdict.UNDECIDABLE,
        asked -> new Explanation(asked + " is undecidable: " + why, List.of(), List.of()),
        stamp);
  }
}
