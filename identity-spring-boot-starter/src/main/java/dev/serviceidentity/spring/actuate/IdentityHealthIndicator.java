// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.Health.Part;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.jakarta.PathRules;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * How the identity does. Only what is down is down: a degraded service still decides rightly, and
 * taking its traffic away would turn a warning into an outage. What is degraded is in the details.
 */
final class IdentityHealthIndicator implements HealthIndicator {
  private final ServiceIdentity identity;
  private final Supplier<PathRules> rules;
  private final Clock clock;
  private final Instant made;

  IdentityHealthIndicator(ServiceIdentity identity, Supplier<PathRules> rules, Clock clock) {
    this.identity = identity;
    this.rules = rules;
    this.clock = clock;
    this.made = clock.instant();
  }

  @Override
  public Health health() {
    var parts = new ArrayList<>(identity.health().parts());
    reportOnly().ifPresent(parts::add);
    Status worst = new dev.serviceidentity.identity.Health(parts).status();
    var builder = worst == Status.DOWN ? Health.down() : Health.up();
    builder.withDetail("identity", worst);
    parts.forEach(part -> builder.withDetail(part.name(), details(part)));
    return builder.build();
  }

  private static Map<String, Object> details(Part part) {
    var details = new LinkedHashMap<String, Object>();
    details.put("status", part.status());
    details.put("detail", part.detail());
    details.put("since", part.since());
    return details;
  }

  /** Rules of single paths are not the identity's own, so that it does not know of them. */
  private Optional<Part> reportOnly() {
    Instant now = clock.instant();
    String lax =
        rules.get().reportOnly().stream()
            .filter(rule -> now.isBefore(rule.until()))
            .map(PathRules.ReportOnly::toString)
            .collect(Collectors.joining("; "));
    return lax.isEmpty()
        ? Optional.empty()
        : Optional.of(new Part("path-rules", Status.DEGRADED, lax, made));
  }
}
