// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.network.ViewStamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes one sight after the other of what is held. Used by the updater's thread alone. */
final class Picture {
  private final Holdings holdings;
  private final Deltas deltas;
  private final Assumptions assumptions;
  private final StalePolicy stale;
  private long generation;
  private @Nullable Sight last;

  Picture(Holdings holdings, Deltas deltas, Assumptions assumptions, StalePolicy stale) {
    this.holdings = holdings;
    this.deltas = deltas;
    this.assumptions = assumptions;
    this.stale = stale;
  }

  /** The next sight; empty while not everything has been asked for once, or nothing is new. */
  Optional<Sight> next(Instant now) {
    if (!holdings.areAsked()) {
      return Optional.empty();
    }
    Sight before = last;
    Sight sight = before == null || !deltas.areNone() ? changed(before) : before;
    sight = dated(sight, now);
    last = sight;
    return sight.equals(before) ? Optional.empty() : Optional.of(sight);
  }

  private Sight changed(@Nullable Sight before) {
    Sight.Surroundings surroundings =
        before == null || deltas.areBeside() ? holdings.surroundings() : before.surroundings();
    PolicyEngine engine =
        deltas.applyTo(
            before == null ? null : before.engine(),
            () -> PolicyEngine.compile(holdings.facts(), assumptions));
    generation++;
    return new Sight(
        engine,
        surroundings,
        new ViewStamp(holdings.version(), generation, holdings.provenAt()),
        "");
  }

  /** The same sight, if nothing is new. */
  private Sight dated(Sight sight, Instant now) {
    ViewStamp stamp = sight.stamp();
    if (!stamp.provenAt().equals(holdings.provenAt())) {
      stamp = new ViewStamp(stamp.version(), stamp.generation(), holdings.provenAt());
    }
    Duration age = stamp.ageAt(now);
    String outdated =
        stale.serves(age)
            ? ""
            : "the view of the cluster was last proven at " + stamp.provenAt() + ", too long ago";
    return stamp.equals(sight.stamp()) && outdated.equals(sight.outdated())
        ? sight
        : new Sight(sight.engine(), sight.surroundings(), stamp, outdated);
  }
}
