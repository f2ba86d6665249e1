// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.network.Workload;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pod or template with the objects that made it. */
record OwnedPod(PodFacts facts, Set<Owner> owners) {
  /** An object that made another, in the same namespace. */
  record Owner(String kind, String name) {}

  static Set<Owner> ownersOf(@Nullable ObjectMeta meta) {
    return meta == null
        ? Set.of()
        : ModelFields.orEmpty(meta.getOwnerReferences()).stream()
            .map(OwnedPod::owner)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static Owner owner(OwnerReference reference) {
    return new Owner(
        ModelFields.orEmpty(reference.getKind()), ModelFields.orEmpty(reference.getName()));
  }

  /** Whether it is what a template makes; those of an earlier or later one may differ. */
  boolean hasLabelsOf(OwnedPod template) {
    return facts.labels().entrySet().containsAll(template.facts().labels().entrySet());
  }

  OwnedPod renamed(String name) {
    Workload.Pod old = facts.pod();
    var pod = new Workload.Pod(name, old.uid(), old.node());
    return new OwnedPod(
        new PodFacts(facts.runsAs(), pod, facts.labels(), facts.placement(), facts.ports()),
        owners);
  }
}
