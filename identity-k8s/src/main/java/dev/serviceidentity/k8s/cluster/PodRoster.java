// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.Lineage.Descent;
import dev.serviceidentity.k8s.cluster.Registry.Entry;
import dev.serviceidentity.k8s.policy.PodFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The pods and templates of one load, and the workloads that they belong to. */
final class PodRoster {
  private final Registry<OwnedPod> pods = new Registry<>();
  private final Registry<OwnedPod> templates = new Registry<>();

  /** What nobody disputes. */
  record Settled(List<PodFacts> pods, List<WorkloadPods> workloads) {}

  void add(ManifestObject object, OwnedPod pod) {
    String name = pod.facts().displayName();
    if (pod.facts().placement().lifecycle() == PodFacts.Lifecycle.TEMPLATE) {
      templates.add(object.kind() + " " + name, object, pod);
    } else {
      pods.add(name, object, pod);
    }
  }

  /** A pod that cannot be read disputes whatever else goes by its name. */
  void addUnreadPod(ManifestObject object) {
    pods.addUnread(object.path(), object);
  }

  void addUnreadTemplate(ManifestObject object) {
    templates.addUnread(object.kind() + " " + object.path(), object);
  }

  Settled settle(Findings findings, Consumer<Entry<OwnedPod>> disputed) {
    List<Entry<OwnedPod>> shown = pods.settle(findings, disputed);
    List<Entry<OwnedPod>> made = templates.settle(findings, disputed);
    var lineage = new Lineage(made);
    List<Descent> descents = shown.stream().map(entry -> lineage.of(entry.value())).toList();
    var facts = new ArrayList<PodFacts>();
    var members = new LinkedHashMap<Lineage.Key, List<String>>();
    descents.forEach(each -> place(each.pod(), each.workload(), facts, members));
    new StandingTemplates(lineage, descents, findings)
        .of(made)
        .forEach(each -> place(each.pod(), each.workload(), facts, members));
    return new Settled(facts, workloads(members));
  }

  private static void place(
      OwnedPod pod,
      Lineage.Key workload,
      List<PodFacts> facts,
      Map<Lineage.Key, List<String>> members) {
    facts.add(pod.facts());
    members.computeIfAbsent(workload, k -> new ArrayList<>()).add(pod.facts().pod().name());
  }

  static List<WorkloadPods> workloads(Map<Lineage.Key, List<String>> members) {
    var workloads = new ArrayList<WorkloadPods>();
    members.forEach(
        (key, names) ->
            workloads.add(
                new WorkloadPods(key.namespace(), key.owner().kind(), key.owner().name(), names)));
    return workloads;
  }
}
