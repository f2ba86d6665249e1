// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pods by name. Never changes; a pod more or less makes a new index. */
record PodIndex(Pages<SameHash> byHash) {

  /** Pods whose names share a hash, which is a key and no more. */
  record SameHash(long low, List<IndexedPod> pods) implements Pages.Keyed {
    @Override
    public long high() {
      return 0;
    }
  }

  static PodIndex of(List<IndexedPod> pods) {
    Map<Long, List<IndexedPod>> byHash =
        pods.stream()
            .collect(
                Collectors.groupingBy(
                    pod -> hash(pod.facts().namespace(), pod.facts().pod().name())));
    var pages = new Pages.Builder<SameHash>(pods.size());
    byHash.forEach((hash, same) -> pages.put(new SameHash(hash, List.copyOf(same))));
    return new PodIndex(pages.build());
  }

  private static long hash(String namespace, String name) {
    return ((long) namespace.hashCode() << 32) ^ name.hashCode();
  }

  private List<IndexedPod> same(String namespace, String name) {
    SameHash same = byHash.get(0, hash(namespace, name));
    return same == null ? List.of() : same.pods;
  }

  /** Makes nothing, and so without an iterator. */
  @Nullable IndexedPod get(String namespace, String name) {
    List<IndexedPod> same = same(namespace, name);
    for (int i = 0; i < same.size(); i++) {
      if (is(same.get(i), namespace, name)) {
        return same.get(i);
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
    var same = new ArrayList<>(same(namespace, name));
    same.removeIf(each -> is(each, namespace, name));
    same.add(pod);
    return new PodIndex(byHash.with(new SameHash(hash(namespace, name), List.copyOf(same))));
  }

  PodIndex minus(String namespace, String name) {
    long hash = hash(namespace, name);
    List<IndexedPod> others =
        same(namespace, name).stream().filter(pod -> !is(pod, namespace, name)).toList();
    return new PodIndex(
        others.isEmpty() ? byHash.without(0, hash) : byHash.with(new SameHash(hash, others)));
  }

  void forEach(Consumer<IndexedPod> consumer) {
    byHash.forEach(same -> same.pods.forEach(consumer));
  }

  boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    return byHash.size();
  }
}
