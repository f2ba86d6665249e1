// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Objects of one kind by name. Two that say different things under one name are not believed, nor
 * is one beside another of its name that cannot be read.
 */
final class Registry<T> {
  private final Map<String, List<Entry<T>>> byName = new LinkedHashMap<>();
  private final Map<String, ManifestObject> unread = new HashMap<>();

  record Entry<T>(ManifestObject object, T value) {}

  void add(String name, ManifestObject object, T value) {
    byName.computeIfAbsent(name, n -> new ArrayList<>()).add(new Entry<>(object, value));
  }

  /** An object that cannot be read disputes whatever others say under its name. */
  void addUnread(String name, ManifestObject object) {
    unread.putIfAbsent(name, object);
  }

  /** Returns what nobody disputes, and hands each disputed entry on after reporting it. */
  List<Entry<T>> settle(Findings findings, Consumer<Entry<T>> disputed) {
    var settled = new ArrayList<Entry<T>>();
    byName.forEach(
        (name, entries) -> {
          Entry<T> first = entries.get(0);
          Optional<ManifestObject> other = otherThan(first, entries, name);
          if (other.isEmpty()) {
            settled.add(first);
          } else {
            entries.forEach(
                entry ->
                    report(
                        entry,
                        entry.value().equals(first.value()) ? other.get() : first.object(),
                        findings));
            entries.forEach(disputed);
          }
        });
    return settled;
  }

  private Optional<ManifestObject> otherThan(Entry<T> first, List<Entry<T>> entries, String name) {
    return entries.stream()
        .filter(entry -> !entry.value().equals(first.value()))
        .findFirst()
        .map(Entry::object)
        .or(() -> Optional.ofNullable(unread.get(name)));
  }

  private static <T> void report(Entry<T> entry, ManifestObject other, Findings findings) {
    findings.of(
        Severity.ERROR,
        entry.object(),
        "is written differently at " + other.place() + "; neither is used, keep one");
  }
}
