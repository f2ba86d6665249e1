// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.stream.Collectors;

/**
 * One connection to be tried, and what the policies say of it.
 *
 * @param from the own pod's address of the same family
 * @param address where it leads
 */
record Probe(Flow flow, IpAddress from, IpAddress address, PolicyDecision decision) {
  boolean isDenied() {
    return decision.verdict() == Verdict.DENIED;
  }

  boolean isAllowed() {
    return decision.verdict() == Verdict.ALLOWED;
  }

  /** Which ends' policies deny it. */
  String deniedBy() {
    return decision.explanation(flow).parts().stream()
        .filter(part -> part.verdict() == Verdict.DENIED)
        .map(part -> part.side().name().toLowerCase(java.util.Locale.ROOT) + " of " + part.of())
        .collect(Collectors.joining(" and "));
  }

  @Override
  public String toString() {
    return "%s:%d (%s)".formatted(flow.to(), flow.port(), address);
  }
}
