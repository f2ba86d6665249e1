// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.Quote;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which namespaces are declared, and which are only used. A policy in a misspelt namespace isolates
 * nobody, and nothing else shows it.
 */
final class NamespaceCensus {
  private static final FieldPath NAMESPACE = FieldPath.of("metadata", "namespace");

  private final Set<String> declared = new HashSet<>();
  private final Map<String, Used> used = new LinkedHashMap<>();

  private record Used(ManifestObject first, int others) {}

  void see(ManifestObject object) {
    if (KnownKinds.isNamespace(object)) {
      declared.add(object.subject().name());
    } else if (KnownKinds.isNamespaced(object)) {
      used.merge(
          object.namespace(),
          new Used(object, 0),
          (old, more) -> new Used(old.first, old.others + 1));
    }
  }

  /** Where no namespace is declared, they are somebody else's to declare. */
  void report(Findings findings) {
    if (!declared.isEmpty()) {
      used.forEach(
          (namespace, use) -> {
            if (!declared.contains(namespace)) {
              findings.of(Severity.WARNING, use.first, NAMESPACE, message(namespace, use.others));
            }
          });
    }
  }

  private String message(String namespace, int others) {
    return Quote.of(namespace)
        + " is declared by no Namespace object"
        + (others == 0 ? "" : ", and " + others + " more object(s) are in it")
        + "; add it, since of its labels only "
        + NamespaceFacts.NAME_LABEL
        + " is known without, and selectors that use others are undecidable"
        + Spelling.hint(Spelling.nearest(namespace, declared));
  }
}
