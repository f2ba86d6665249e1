// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who claims one address: pods with a network of their own, and how often each node does. A node
 * that a pod of it does not name has the empty name.
 */
record Claim(List<IndexedPod> pods, Map<String, Integer> nodes, Unknowns unknown) {
  static final Claim NOBODY = new Claim(List.of(), Map.of(), Unknowns.NONE);

  /**
   * Claims of those of whom it is not known who they are.
   *
   * @param rival one that may be a pod with a network of its own, or null
   * @param node whether one of them may be a node
   */
  record Unknowns(@Nullable UnknownOwner rival, boolean node) {
    static final Unknowns NONE = new Unknowns(null, false);
  }

  /** In the order of names, so that equal clusters are explained alike. */
  static Claim of(List<IndexedPod> pods, Map<String, Integer> nodes, Unknowns unknown) {
    return new Claim(
        pods.stream().sorted(Comparator.comparing(pod -> pod.facts().displayName())).toList(),
        Map.copyOf(nodes),
        unknown);
  }

  Claim plus(IndexedPod pod) {
    var all = new ArrayList<>(pods);
    all.add(pod);
    return of(all, nodes, unknown);
  }

  Claim minus(IndexedPod pod) {
    return new Claim(pods.stream().filter(each -> each != pod).toList(), nodes, unknown);
  }

  Claim plus(String node, int times) {
    var all = new TreeMap<>(nodes);
    all.merge(node, times, (old, more) -> old + more == 0 ? null : old + more);
    return new Claim(pods, all, unknown);
  }

  boolean isNobodys() {
    return pods.isEmpty() && !isNodes() && unknown.rival == null;
  }

  /** Whether a node claims it, or what may be one. */
  boolean isNodes() {
    return !nodes.isEmpty() || unknown.node;
  }

  /** The nodes that it may be of. A pod that does not name its node says of no other one. */
  Nodes onNodes() {
    var names = new TreeSet<>(nodes.keySet());
    names.remove("");
    return new Nodes(names, unknown.node);
  }
}
