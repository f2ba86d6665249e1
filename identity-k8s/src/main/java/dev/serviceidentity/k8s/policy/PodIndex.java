// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pods by name. Never changes; a pod more or less makes a new index. */
record PodIndex(Pages<List<IndexedPod>> byHash) {

  static PodIndex of(List<IndexedPod> pods) {
    var pages = new Pages.Builder<List<IndexedPod>>(pods.size());
    for (IndexedPod pod : pods) {
      long hash = hash(pod.facts().namespace(), pod.facts().pod().name());
      List<IndexedPod> same = pages.get(0, hash);
      pages.put(0, hash, plus(same == null ? List.of() : same, pod));
    }
    return new PodIndex(pages.build());
  }

  /** Only a hash: pods whose names share it stand in one list. */
  private static long hash(String namespace, String name) {
    return ((long) namespace.hashCode() << 32) ^ name.hashCode();
  }

  private List<IndexedPod> same(String namespace, String name) {
    List<IndexedPod> same = byHash.get(0, hash(namespace, name));
    return same == null ? List.of() : same;
  }

  @Nullable IndexedPod get(String namespace, String name) {
    for (IndexedPod pod : same(namespace, name)) {
      if (is(pod, namespace, name)) {
        return pod;
      }
    }
    return null;
  }

  private static boolean is(IndexedPod pod, String namespace, String name) {
    return pod.facts().pod().name().equals(name) && pod.facts().namespace().equals(namespace);
  }

  PodIndex plus(IndexedPod pod) {
    String namespace = pod.facts().namespace();
    String name = pod.facts().pod().name();
    List<IndexedPod> others = minus(same(namespace, name), namespace, name);
    return new PodIndex(byHash.with(0, hash(namespace, name), plus(others, pod)));
  }

  PodIndex minus(String namespace, String name) {
    List<IndexedPod> others = minus(same(namespace, name), namespace, name);
    return new PodIndex(byHash.with(0, hash(namespace, name), others.isEmpty() ? null : others));
  }

  private static List<IndexedPod> plus(List<IndexedPod> pods, IndexedPod pod) {
    var all = new ArrayList<>(pods);
    all.removeIf(each -> is(each, pod.facts().namespace(), pod.facts().pod().name()));
    all.add(pod);
    return List.copyOf(all);
  }

  private static List<IndexedPod> minus(List<IndexedPod> pods, String namespace, String name) {
    return pods.stream().filter(pod -> !is(pod, namespace, name)).toList();
  }

  void forEach(Consumer<IndexedPod> consumer) {
    byHash.forEach(pods -> pods.forEach(consumer));
  }

  int size() {
    return byHash.size();
  }
}
