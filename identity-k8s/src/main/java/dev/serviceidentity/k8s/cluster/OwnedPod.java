// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.PodFacts;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pod or template with the names of the objects that made it. */
record OwnedPod(PodFacts facts, Set<String> owners) {

  static Set<String> ownersOf(@Nullable ObjectMeta meta) {
    return meta == null
        ? Set.of()
        : ModelFields.orEmpty(meta.getOwnerReferences()).stream()
            .map(OwnerReference::getName)
            .map(ModelFields::orEmpty)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether this pod was made, perhaps by way of a ReplicaSet or Job, from a template. */
  boolean isMadeFrom(PodFacts template) {
    String name = template.pod().name();
    return facts.namespace().equals(template.namespace())
        && owners.stream().anyMatch(o -> o.equals(name) || o.startsWith(name + "-"))
        && facts.labels().entrySet().containsAll(template.labels().entrySet());
  }

  /** Whether this template's workload is itself a part of another workload. */
  boolean isPartOf(PodFacts other) {
    return facts.namespace().equals(other.namespace()) && owners.contains(other.pod().name());
  }
}
