// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.network.Workload;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pod or template with the objects that made it. */
record OwnedPod(PodFacts facts, Set<Owner> owners) {
  private static final String TEMPLATE_HASH = "pod-template-hash";

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

  /** Whether this pod was made, perhaps by way of a ReplicaSet or Job, from a template. */
  boolean isMadeFrom(PodFacts template) {
    String name = template.pod().name();
    return facts.namespace().equals(template.namespace())
        && owners.stream()
            .map(Owner::name)
            .anyMatch(owner -> owner.equals(name) || owner.startsWith(name + "-"))
        && facts.labels().entrySet().containsAll(template.labels().entrySet());
  }

  /** The workload that the pod's own record names; the pod itself where it names none. */
  Owner workload() {
    Owner self = new Owner("Pod", facts.pod().name());
    Owner maker = maker().orElse(self);
    // A ReplicaSet of a Deployment is named for it and for the hash that its pods carry.
    String suffix = "-" + facts.labels().get(TEMPLATE_HASH);
    if (maker.kind().equals("ReplicaSet") && maker.name().endsWith(suffix)) {
      int end = maker.name().length() - suffix.length();
      return new Owner("Deployment", maker.name().substring(0, end));
    }
    // The kubelet's own pods are owned by their node, which is no workload.
    return maker.kind().equals("Node") ? self : maker;
  }

  /** The object that its own record names; one of several, and always the same one. */
  Optional<Owner> maker() {
    return owners.stream()
        .filter(owner -> !owner.kind().isEmpty() && !owner.name().isEmpty())
        .min(Comparator.comparing(Owner::kind).thenComparing(Owner::name));
  }

  OwnedPod renamed(String name) {
    Workload.Pod old = facts.pod();
    var pod = new Workload.Pod(name, old.uid(), old.node());
    return new OwnedPod(
        new PodFacts(facts.runsAs(), pod, facts.labels(), facts.placement(), facts.ports()),
        owners);
  }
}
