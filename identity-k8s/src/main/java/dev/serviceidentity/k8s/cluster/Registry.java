// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Objects of one kind by name. Two that say different things under one name are not believed. */
final class Registry<T> {
  private final Map<String, List<Entry<T>>> byName = new LinkedHashMap<>();

  record Entry<T>(ManifestObject object, T value) {}

  void add(String name, ManifestObject object, T value) {
    byName.computeIfAbsent(name, n -> new ArrayList<>()).add(new Entry<>(object, value));
  }

  /** Returns what nobody disputes, and hands each disputed entry on after reporting it. */
  List<Entry<T>> settle(Findings findings, Consumer<Entry<T>> disputed) {
    var settled = new ArrayList<Entry<T>>();
    for (List<Entry<T>> entries : byName.values()) {
      Entry<T> first = entries.get(0);
      if (entries.stream().allMatch(entry -> entry.value().equals(first.value()))) {
        settled.add(first);
      } else {
        entries.forEach(entry -> report(entry, first, entries.get(1), findings));
        entries.forEach(disputed);
      }
    }
    return settled;
  }

  private static <T> void report(
      Entry<T> entry, Entry<T> first, Entry<T> second, Findings findings) {
    Entry<T> other = entry.equals(first) ? second : first;
    findings.of(
        Severity.ERROR,
        entry.object(),
        "is written differently at " + other.object().place() + "; neither is used, keep one");
  }
}
