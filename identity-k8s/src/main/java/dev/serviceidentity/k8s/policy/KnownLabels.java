// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.LabelSelector.Requirement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a namespace as far as they are known.
 *
 * @param labels those that are known
 * @param areAll whether it certainly has no others
 */
record KnownLabels(Map<String, String> labels, boolean areAll) {

  /**
   * Without its object at most the label is known that the API server sets on every namespace. That
   * is not the same as having no others: NotIn and DoesNotExist would match.
   */
  static KnownLabels of(String namespace, @Nullable NamespaceFacts declared, boolean isNamed) {
    if (declared != null) {
      return new KnownLabels(declared.labels(), true);
    }
    return new KnownLabels(
        isNamed ? Map.of(NamespaceFacts.NAME_LABEL, namespace) : Map.of(), false);
  }

  boolean isKnown(String key) {
    return areAll || labels.containsKey(key);
  }

  Ternary meet(LabelSelector selector) {
    Ternary all = Ternary.YES;
    for (Requirement requirement : selector.requirements()) {
      all = all.and(meet(requirement));
    }
    return all;
  }

  private Ternary meet(Requirement requirement) {
    return isKnown(requirement.key()) ? Ternary.of(requirement.matches(labels)) : Ternary.UNKNOWN;
  }

  /** The requirements that are not certain to be met. */
  List<Requirement> missed(LabelSelector selector) {
    return selector.requirements().stream().filter(each -> meet(each) != Ternary.YES).toList();
  }
}
