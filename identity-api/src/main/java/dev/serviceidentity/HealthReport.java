// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.guard.Guard;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Part;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.network.ClusterNetwork;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Collects the health of all parts. */
final class HealthReport {
  private final OpenParts parts;
  private final Guard guard;
  private final Enforcement enforcement;
  private final Clock clock;
  private final Instant opened;

  HealthReport(OpenParts parts, Guard guard, Enforcement enforcement, Clock clock) {
    this.parts = parts;
    this.guard = guard;
    this.enforcement = enforcement;
    this.clock = clock;
    this.opened = clock.instant();
  }

  Health now() {
    List<Part> all = new ArrayList<>();
    parts.mechanisms().values().forEach(mechanism -> all.add(mechanism.health()));
    ClusterNetwork network = parts.network();
    if (network != null) {
      all.add(network.health());
    }
    all.add(enforcement());
    all.add(guard.auditHealth());
    return new Health(all);
  }

  private Part enforcement() {
    Instant now = clock.instant();
    List<Layer> reporting =
        enforcement.reportOnlyUntil().keySet().stream()
            .filter(layer -> enforcement.isReportOnly(layer, now))
            .sorted()
            .toList();
    return reporting.isEmpty()
        ? new Part("enforcement", Status.UP, "every layer is enforced", opened)
        : new Part("enforcement", Status.DEGRADED, reporting + " only report", opened);
  }
}
