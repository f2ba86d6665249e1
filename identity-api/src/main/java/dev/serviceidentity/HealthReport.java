// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.guard.FollowedCallers;
import dev.serviceidentity.guard.Guard;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Part;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.network.ClusterNetwork;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the health of all parts. */
final class HealthReport {
  private final OpenParts parts;
  private final Guard guard;
  private final Enforcement enforcement;
  private final Clock clock;
  private final Instant opened;
  private volatile @Nullable Instant closed;

  HealthReport(OpenParts parts, Guard guard, Enforcement enforcement, Clock clock) {
    this.parts = parts;
    this.guard = guard;
    this.enforcement = enforcement;
    this.clock = clock;
    this.opened = clock.instant();
  }

  void closed() {
    closed = clock.instant();
  }

  Health now() {
    Instant end = closed;
    if (end != null) {
      return new Health(
          List.of(new Part("identity", Status.DOWN, "it has been closed and refuses all", end)));
    }
    List<Part> all = new ArrayList<>();
    parts.mechanisms().forEach((name, mechanism) -> all.add(of(name.value(), mechanism::health)));
    ClusterNetwork network = parts.network();
    if (network != null) {
      all.add(of("network", network::health));
    }
    FollowedCallers callers = parts.callers();
    if (callers != null) {
      all.add(callers.health());
    }
    all.add(enforcement());
    all.add(guard.auditHealth());
    return new Health(all);
  }

  /** A part may be foreign code; one that cannot even say how it does must not hide the others. */
  private Part of(String name, Supplier<Part> part) {
    try {
      return Objects.requireNonNull(part.get(), "health");
    } catch (RuntimeException failed) {
      return new Part(name, Status.DOWN, "does not say how it does: " + failed, clock.instant());
    }
  }

  private Part enforcement() {
    Instant now = clock.instant();
    Map<Layer, Instant> reporting = new TreeMap<>(enforcement.reportOnlyUntil());
    reporting.keySet().removeIf(layer -> !enforcement.isReportOnly(layer, now));
    if (!reporting.isEmpty()) {
      return new Part(
          "enforcement", Status.DEGRADED, "refuses nothing until: " + reporting, opened);
    }
    Instant since =
        enforcement.reportOnlyUntil().values().stream()
            .filter(opened::isBefore)
            .max(Instant::compareTo)
            .orElse(opened);
    return new Part("enforcement", Status.UP, "every layer is enforced", since);
  }
}
