// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.OwnedPod.Owner;
import dev.serviceidentity.k8s.policy.PodFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who made the pods of a live cluster, by their owner references. No object but pods is looked at:
 * a ReplicaSet that is named as a Deployment names it stands for that Deployment. Not thread-safe.
 */
public final class PodMakers {
  private final Map<String, Set<Owner>> owners = new HashMap<>();

  /** Knows of no pod yet. */
  public PodMakers() {}

  /**
   * Remembers who made a pod.
   *
   * @param json the pod, as the API gives it
   */
  public void add(Map<String, ?> json) {
    Part meta = Part.of(json, FieldPath.ROOT, new Problems()).part("metadata");
    owners.put(
        LiveObjects.pathOf(json),
        meta.parts("ownerReferences").stream()
            .map(owner -> new Owner(owner.text("kind"), owner.text("name")))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * The workloads that pods belong to.
   *
   * @param pods the pods; one that was not added is a workload of its own
   * @return each pod in one of them
   */
  public List<WorkloadPods> workloadsOf(List<PodFacts> pods) {
    var lineage = new Lineage(List.of());
    var members = new LinkedHashMap<Lineage.Key, List<String>>();
    for (PodFacts pod : pods) {
      var owned = new OwnedPod(pod, owners.getOrDefault(pod.displayName(), Set.of()));
      members
          .computeIfAbsent(lineage.of(owned).workload(), k -> new ArrayList<>())
          .add(pod.pod().name());
    }
    return PodRoster.workloads(members);
  }
}
