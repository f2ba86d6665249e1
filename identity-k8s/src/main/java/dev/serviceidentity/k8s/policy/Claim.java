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
import org.jspecify.annotations.Nullable;

/**
 * Who claims one address: pods with a network of their own, and how often each node does. A node
 * whose name is not known has the empty name. What a rival claims, of whom it is not known who it
 * is, is nobody's.
 */
record Claim(List<IndexedPod> pods, Map<String, Integer> nodes, @Nullable UnknownOwner rival) {
  static final Claim NOBODY = new Claim(List.of(), Map.of(), null);

  /** In the order of names, so that equal clusters are explained alike. */
  static Claim of(List<IndexedPod> pods, Map<String, Integer> nodes, @Nullable UnknownOwner rival) {
    return new Claim(
        pods.stream().sorted(Comparator.comparing(pod -> pod.facts().displayName())).toList(),
        Map.copyOf(nodes),
        rival);
  }

  Claim plus(IndexedPod pod) {
    var all = new ArrayList<>(pods);
    all.add(pod);
    return of(all, nodes, rival);
  }

  Claim minus(IndexedPod pod) {
    return new Claim(pods.stream().filter(each -> each != pod).toList(), nodes, rival);
  }

  Claim plus(String node, int times) {
    var all = new TreeMap<>(nodes);
    all.merge(node, times, (old, more) -> old + more == 0 ? null : old + more);
    return new Claim(pods, all, rival);
  }

  boolean isNobodys() {
    return pods.isEmpty() && nodes.isEmpty() && rival == null;
  }

  /** The nodes that are known by name. */
  Set<String> nodeNames() {
    var names = new TreeSet<>(nodes.keySet());
    names.remove("");
    return names;
  }
}
