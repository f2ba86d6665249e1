// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.Lineage.Descent;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Registry.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The templates that stand for pods of which none is shown. One stands beside pods, too, where it
 * is not certain that they are all like it.
 */
final class StandingTemplates {
  private final Lineage lineage;
  private final Findings findings;
  private final Set<Lineage.Key> represented;
  private final Set<Lineage.Key> makers;
  private final Set<Lineage.Key> inhabited;
  private final Set<String> names;

  /** A template as a pod, and its workload. */
  record Standing(OwnedPod pod, Lineage.Key workload) {}

  StandingTemplates(Lineage lineage, List<Descent> shown, Findings findings) {
    this.lineage = lineage;
    this.findings = findings;
    this.represented =
        shown.stream().flatMap(lineage::representedBy).collect(Collectors.toUnmodifiableSet());
    this.makers =
        shown.stream().flatMap(d -> d.makers().stream()).collect(Collectors.toUnmodifiableSet());
    this.inhabited = shown.stream().map(Descent::workload).collect(Collectors.toUnmodifiableSet());
    this.names = shown.stream().map(d -> d.pod().facts().displayName()).collect(Collectors.toSet());
  }

  List<Standing> of(List<Entry<OwnedPod>> templates) {
    return templates.stream().filter(this::stands).map(this::stand).toList();
  }

  private boolean stands(Entry<OwnedPod> template) {
    Lineage.Key own = Lineage.Key.of(template);
    // An old ReplicaSet has no pods while another of its Deployment has some.
    boolean isOld = inhabitedMaker(own).isPresent() && !makers.contains(own);
    return lineage.isTop(own) && !represented.contains(own) && !isOld;
  }

  private Optional<Lineage.Key> inhabitedMaker(Lineage.Key template) {
    return lineage.makerOf(template).filter(inhabited::contains);
  }

  /** A flow names a pod by namespace and name alone, so that one of two gets a longer name. */
  private Standing stand(Entry<OwnedPod> template) {
    Lineage.Key own = Lineage.Key.of(template);
    Lineage.Key workload = inhabitedMaker(own).orElse(own);
    String longer = own.owner().kind() + "/" + own.owner().name();
    if (inhabited.contains(workload)) {
      findings.of(
          Severity.NOTE,
          template.object(),
          "pods are shown that may not be made from this template as it is; it stands beside them"
              + " and goes by "
              + longer);
    } else if (names.add(template.value().facts().displayName())) {
      return new Standing(template.value(), workload);
    } else {
      findings.of(
          Severity.NOTE,
          template.object(),
          "another has the same name; this one goes by " + longer);
    }
    return new Standing(template.value().renamed(longer), workload);
  }
}
