// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.k8s.rights.CallerRight;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A layer that only reports what it would refuse, and the instant from which it is enforced.
 *
 * @param layer the layer
 * @param until its end
 */
record Reporting(Layer layer, Instant until) {
  /** What the service, or the rule of a path, still lets pass. */
  static List<Reporting> of(Enforcement service, @Nullable AccessRule rule, Instant now) {
    List<Reporting> all = new ArrayList<>();
    for (Layer layer : Layer.values()) {
      Stream.of(service, rule == null ? service : rule.enforcement())
          .map(each -> each.reportOnlyUntil().get(layer))
          .filter(until -> until != null && now.isBefore(until))
          .max(Instant::compareTo)
          .ifPresent(until -> all.add(new Reporting(layer, until)));
    }
    return all;
  }

  /** Until when the guard admits a caller whom the policies do not let through. */
  static @Nullable Instant admitting(CallerRight right, List<Reporting> reporting) {
    boolean refused = right.byNetwork().verdict() != Verdict.ALLOWED;
    return reporting.stream()
        .filter(each -> each.layer == Layer.NETWORK && refused && right.byName().isAllowed())
        .map(Reporting::until)
        .findFirst()
        .orElse(null);
  }
}
