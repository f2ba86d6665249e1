// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.Inventory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pods of StatefulSets of which only the template is known. Their names are: that of the set
 * and a number.
 */
final class Ordinals {
  private static final Pattern POD = Pattern.compile("(.+)-(?:0|[1-9][0-9]{0,8})");
  private static final String STATEFUL_SET = "StatefulSet";

  private final Map<Reference, Inventory.Workload> sets = new HashMap<>();

  /** Takes note of a template. */
  void add(Inventory.Workload template) {
    var names = template.pods();
    if (names.kind().equals(STATEFUL_SET)) {
      sets.put(new Reference.Named(names.namespace(), names.name()), template);
    }
  }

  /** One pod of a set; it is decided as any other pod of the set's template. */
  Optional<Party> find(String namespace, String name) {
    Matcher pod = POD.matcher(name);
    return pod.matches()
        ? Optional.ofNullable(sets.get(new Reference.Named(namespace, pod.group(1))))
            .map(set -> Directory.party(namespace + "/" + name, set))
            .map(any -> new Party(any.label(), any.namespace(), any.members(), false))
        : Optional.empty();
  }
}
