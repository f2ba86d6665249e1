// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.network.StalePolicy;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a view does, and what the log is told of it. Used by the updater's thread alone. */
final class Condition {
  private static final System.Logger LOG = System.getLogger(Condition.class.getName());
  private static final int MOST_FINDINGS = 3;

  private final String name;
  private Map<String, String> known = Map.of();
  private Health.@Nullable Part last;

  Condition(String name) {
    this.name = name;
  }

  /** The note is for people, and says nothing that is wrong. */
  Health.Part next(
      Holdings holdings, @Nullable Sight sight, StalePolicy stale, Instant now, String note) {
    Map<String, String> named = holdings.troubles();
    log(named);
    var troubles = new ArrayList<String>();
    named.forEach((resource, what) -> troubles.add(resource + ": " + what));
    Status status = Status.UP;
    if (sight == null) {
      status = Status.DOWN;
      troubles.add(0, "not everything has been seen yet");
    } else if (!sight.outdated().isEmpty()) {
      status = Status.DOWN;
      troubles.add(0, sight.outdated());
    } else if (stale.isStale(sight.stamp().ageAt(now))) {
      status = Status.DEGRADED;
      troubles.add(0, "the view is stale: last proven at " + sight.stamp().provenAt());
    }
    if (sight != null) {
      troubles.addAll(errors(sight.surroundings().report()));
    }
    if (status == Status.UP && !troubles.isEmpty()) {
      status = Status.DEGRADED;
    }
    String detail =
        troubles.isEmpty() ? "watches " + holdings.counts() : String.join("; ", troubles);
    return settle(status, note.isEmpty() ? detail : detail + "; " + note, now);
  }

  private Health.Part settle(Status status, String detail, Instant now) {
    Health.Part before = last;
    Instant since = before != null && before.status() == status ? before.since() : now;
    if (before == null || before.status() != status) {
      LOG.log(Level.INFO, "The view {0} is {1}: {2}", name, status, detail);
    }
    last = new Health.Part(name, status, detail, since);
    return last;
  }

  private static List<String> errors(LoadReport report) {
    List<LoadReport.Finding> errors = report.of(Severity.ERROR);
    var shown = new ArrayList<String>();
    errors.stream().limit(MOST_FINDINGS).map(LoadReport.Finding::toString).forEach(shown::add);
    if (errors.size() > MOST_FINDINGS) {
      shown.add((errors.size() - MOST_FINDINGS) + " more in KubernetesNetwork.loadReport()");
    }
    return shown;
  }

  /** A warning when a trouble begins; what else it turns into until it ends is a detail. */
  private void log(Map<String, String> troubles) {
    troubles.forEach(
        (resource, what) -> {
          if (!what.equals(known.get(resource))) {
            Level level = known.containsKey(resource) ? Level.DEBUG : Level.WARNING;
            LOG.log(level, "The view of {0} is troubled: {1}", resource, what);
          }
        });
    for (String resource : known.keySet()) {
      if (!troubles.containsKey(resource)) {
        LOG.log(Level.INFO, "The view of {0} has recovered", resource);
      }
    }
    known = troubles;
  }
}
