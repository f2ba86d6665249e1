// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people are told of a load report without asking for it. */
record FindingsLog(LoadReport report) {
  private static final int MOST_LINES = 20;
  private static final int MOST_IN_HEALTH = 3;
  private static final String ALL = "; all are in KubernetesNetwork.loadReport()";

  /** One line each, errors first, and at most one more with the number of those left out. */
  void writeTo(Consumer<String> lines) {
    List<Finding> all =
        Stream.of(Severity.ERROR, Severity.WARNING).flatMap(s -> report.of(s).stream()).toList();
    all.stream().limit(MOST_LINES).map(Finding::toString).forEach(lines);
    if (all.size() > MOST_LINES) {
      lines.accept((all.size() - MOST_LINES) + " more findings in the manifests" + ALL);
    }
  }

  /** A sentence about the errors, if there are any. */
  Optional<String> summary() {
    List<Finding> errors = report.of(Severity.ERROR);
    String shown =
        errors.stream()
            .limit(MOST_IN_HEALTH)
            .map(Finding::toString)
            .collect(Collectors.joining("; "));
    String rest =
        errors.size() > MOST_IN_HEALTH ? " and " + (errors.size() - MOST_IN_HEALTH) + " more" : "";
    return errors.isEmpty()
        ? Optional.empty()
        : Optional.of(errors.size() + " error(s) in the manifests: " + shown + rest + ALL);
  }
}
