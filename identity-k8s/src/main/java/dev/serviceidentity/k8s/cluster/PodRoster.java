// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.OwnedPod.Owner;
import dev.serviceidentity.k8s.cluster.Registry.Entry;
import dev.serviceidentity.k8s.policy.PodFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The pods and templates of one load, and the workloads that they belong to. */
final class PodRoster {
  private final Registry<OwnedPod> pods = new Registry<>();
  private final Registry<OwnedPod> templates = new Registry<>();

  /** What nobody disputes. */
  record Settled(List<PodFacts> pods, List<WorkloadPods> workloads) {}

  private record Key(String namespace, Owner workload) {}

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
    List<OwnedPod> shown = pods.settle(findings, disputed).stream().map(Entry::value).toList();
    List<Entry<OwnedPod>> top = topLevel(templates.settle(findings, disputed));
    var facts = new ArrayList<PodFacts>();
    var members = new LinkedHashMap<Key, List<String>>();
    for (OwnedPod pod : shown) {
      place(pod.facts(), workloadOf(pod, top), facts, members);
    }
    List<Entry<OwnedPod>> alone = withoutPods(standing(top, shown), Set.copyOf(members.keySet()));
    for (Entry<OwnedPod> standing : named(alone, facts, findings)) {
      place(standing.value().facts(), ownerIn(standing), facts, members);
    }
    return new Settled(facts, workloads(members));
  }

  private static void place(
      PodFacts pod, Owner workload, List<PodFacts> facts, Map<Key, List<String>> members) {
    facts.add(pod);
    members
        .computeIfAbsent(new Key(pod.namespace(), workload), k -> new ArrayList<>())
        .add(pod.pod().name());
  }

  private static List<WorkloadPods> workloads(Map<Key, List<String>> members) {
    var workloads = new ArrayList<WorkloadPods>();
    members.forEach(
        (key, names) ->
            workloads.add(
                new WorkloadPods(
                    key.namespace(), key.workload().kind(), key.workload().name(), names)));
    return workloads;
  }

  /** Without those that another workload of the input makes. */
  private static List<Entry<OwnedPod>> topLevel(List<Entry<OwnedPod>> all) {
    var names = new HashSet<Key>();
    all.forEach(entry -> names.add(new Key(entry.object().namespace(), ownerIn(entry))));
    return all.stream()
        .filter(
            entry ->
                entry.value().owners().stream()
                    .filter(owner -> !owner.equals(ownerIn(entry)))
                    .noneMatch(o -> names.contains(new Key(entry.object().namespace(), o))))
        .toList();
  }

  /** The templates of which no pod is shown. */
  private static List<Entry<OwnedPod>> standing(List<Entry<OwnedPod>> top, List<OwnedPod> shown) {
    return top.stream()
        .filter(entry -> shown.stream().noneMatch(p -> p.isMadeFrom(entry.value().facts())))
        .toList();
  }

  /** An old ReplicaSet has no pods while another of its Deployment has some. */
  private static List<Entry<OwnedPod>> withoutPods(List<Entry<OwnedPod>> standing, Set<Key> shown) {
    return standing.stream()
        .filter(entry -> makerOf(entry).equals(ownerIn(entry)) || !shown.contains(keyOf(entry)))
        .toList();
  }

  private static Key keyOf(Entry<OwnedPod> entry) {
    return new Key(entry.object().namespace(), makerOf(entry));
  }

  /** A flow names a pod by namespace and name alone, so that one of two gets a longer name. */
  private static List<Entry<OwnedPod>> named(
      List<Entry<OwnedPod>> standing, List<PodFacts> shown, Findings findings) {
    Set<String> taken = new HashSet<>();
    shown.forEach(pod -> taken.add(pod.displayName()));
    var named = new ArrayList<Entry<OwnedPod>>();
    for (Entry<OwnedPod> entry : standing) {
      String name = entry.value().facts().displayName();
      if (taken.add(name)) {
        named.add(entry);
        continue;
      }
      String longer = entry.object().kind() + "/" + entry.value().facts().pod().name();
      findings.of(
          Severity.NOTE, entry.object(), "another has the same name; this one goes by " + longer);
      named.add(new Entry<>(entry.object(), entry.value().renamed(longer)));
    }
    return named;
  }

  /**
   * The workload that made a pod, by what the input says of it and of its owner: the one it names,
   * else the most alike by name.
   */
  private static Owner workloadOf(OwnedPod pod, List<Entry<OwnedPod>> top) {
    return top.stream()
        .filter(entry -> pod.isMadeFrom(entry.value().facts()))
        .max(
            Comparator.comparing((Entry<OwnedPod> entry) -> pod.owners().contains(ownerIn(entry)))
                .thenComparingInt(entry -> ownerIn(entry).name().length()))
        .map(PodRoster::makerOf)
        .orElseGet(pod::workload);
  }

  /**
   * A workload, or what a ReplicaSet is one revision of although the input does not show it. Others
   * keep their own name, by which people know them, whatever operator made them.
   */
  private static Owner makerOf(Entry<OwnedPod> entry) {
    Owner own = ownerIn(entry);
    return own.kind().equals("ReplicaSet") ? entry.value().maker().orElse(own) : own;
  }

  private static Owner ownerIn(Entry<OwnedPod> entry) {
    return new Owner(entry.object().kind(), entry.object().subject().name());
  }
}
