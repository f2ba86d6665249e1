// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who claims one address: pods with a network of their own, and how often each node does. A node
 * whose name is not known has the empty name.
 */
record Claim(List<IndexedPod> pods, Map<String, Integer> nodes) {
  static final Claim NOBODY = new Claim(List.of(), Map.of());

  /** In the order of names, so that equal clusters are explained alike. */
  static Claim of(List<IndexedPod> pods, Map<String, Integer> nodes) {
    return new Claim(
        pods.stream().sorted(Comparator.comparing(pod -> pod.facts().displayName())).toList(),
        Map.copyOf(nodes));
  }

  Claim plus(IndexedPod pod) {
    var all = new ArrayList<>(pods);
    all.add(pod);
    return of(all, nodes);
  }

  Claim minus(IndexedPod pod) {
    return new Claim(pods.stream().filter(each -> each != pod).toList(), nodes);
  }

  Claim plus(String node, int times) {
    var all = new TreeMap<>(nodes);
    all.merge(node, times, (old, more) -> old + more == 0 ? null : old + more);
    return new Claim(pods, all);
  }

  boolean isNobodys() {
    return pods.isEmpty() && nodes.isEmpty();
  }

  /** The nodes that are known by name. */
  Set<String> nodeNames() {
    var names = new TreeSet<>(nodes.keySet());
    names.remove("");
    return names;
  }
}
