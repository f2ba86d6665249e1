// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.network.FindingListener;
import java.util.List;
import java.util.Set;

/**
 * Tells which objects cannot be read. A policy that may decide about this service is needed; the
 * rest is for somebody else to mend.
 */
record ReadableObjects(Set<String> concerned) {
  private static final int MOST = 20;
  private static final String REMEDY =
      "Mend the object; what it could change is undecidable or closed.";

  void tell(LoadReport report, FindingListener heard) {
    List<Finding> errors = report.of(Severity.ERROR);
    errors.stream().filter(this::isNeeded).limit(MOST).forEach(each -> broken(each, heard));
    List<Finding> others = errors.stream().filter(each -> !isNeeded(each)).toList();
    others.stream()
        .limit(MOST)
        .forEach(each -> heard.doubtful(each.subject().toString(), each.toString(), REMEDY));
    if (errors.size() > MOST) {
      heard.doubtful(
          "objects",
          errors.size() + " errors in all",
          "See all of them in KubernetesNetwork.loadReport().");
    }
  }

  private static void broken(Finding error, FindingListener heard) {
    heard.broken(error.subject().toString(), error.toString(), REMEDY);
  }

  private boolean isNeeded(Finding error) {
    String kind = error.subject().kind();
    String namespace = error.subject().namespace();
    return (kind.isEmpty() || kind.endsWith("Policy"))
        && (namespace.isEmpty() || concerned.contains(namespace));
  }
}
