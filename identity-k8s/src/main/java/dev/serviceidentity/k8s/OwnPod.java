// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.cluster.Spelling;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.Quote;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pod that this process says it is. */
record OwnPod(String namespace, String name) {
  /** What is wrong where nobody has said which pod this process is. */
  static final String UNSAID =
      "which pod this process is has not been said, so that every caller is refused; call"
          + " ownPod(namespace, name). A service that only calls others says"
          + " trustIdentityAlone() instead of network(...)";

  private static final int LISTED = 10;
  private static final Set<String> WITHOUT_PODS = Set.of("NetworkPolicy", "ServiceAccount");

  /** Without its own pod every answer to every caller is no; better never to begin. */
  PodFacts in(Manifests manifests) {
    List<PodFacts> pods = manifests.facts().pods();
    return pods.stream()
        .filter(pod -> pod.displayName().equals(toString()))
        .findFirst()
        .orElseThrow(() -> missing("the manifests", pods, manifests.report()));
  }

  /** What is wrong if the pod is not among those that could be read. */
  IdentityException missing(String where, List<PodFacts> pods, LoadReport report) {
    String own = "The own pod " + Quote.of(this);
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        untrusted(report)
            .map(finding -> own + " is in " + where + " but cannot be trusted: " + finding)
            .orElseGet(() -> own + " is not in " + where + "; correct ownPod(...)" + there(pods)));
  }

  private Optional<Finding> untrusted(LoadReport report) {
    return report.of(Severity.ERROR).stream().filter(f -> isOf(f.subject())).findFirst();
  }

  private boolean isOf(Subject subject) {
    String where = subject.namespace().isEmpty() ? "default" : subject.namespace();
    return subject.name().equals(name)
        && where.equals(namespace)
        && !WITHOUT_PODS.contains(subject.kind());
  }

  private String there(List<PodFacts> pods) {
    List<String> names =
        pods.stream()
            .filter(PodFacts::isAlive)
            .sorted(
                Comparator.<PodFacts, Boolean>comparing(pod -> !pod.namespace().equals(namespace))
                    .thenComparing(PodFacts::displayName))
            .map(PodFacts::displayName)
            .toList();
    if (names.isEmpty()) {
      return ", or add the pod: they have none";
    }
    String list = String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
    String rest = names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "";
    String hint = Spelling.hint(Spelling.nearest(toString(), names));
    return (hint.isEmpty() ? "." : hint) + " They have " + list + rest;
  }

  /** Returns {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
