// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import org.jspecify.annotations.Nullable;

/**
 * A pod with its namespace and its number in a vocabulary. There is one for each pod of an index,
 * so that identity tells pods apart.
 */
final class IndexedPod {
  private final PodFacts facts;
  private final @Nullable NamespaceFacts namespace;
  private final int kind;

  IndexedPod(PodFacts facts, @Nullable NamespaceFacts namespace, int kind) {
    this.facts = facts;
    this.namespace = namespace;
    this.kind = kind;
  }

  PodFacts facts() {
    return facts;
  }

  /** Its namespace, or null if that is not known. */
  @Nullable NamespaceFacts namespace() {
    return namespace;
  }

  /** Pods of one kind are the same to every policy. */
  int kind() {
    return kind;
  }

  boolean isTemplate() {
    return facts.placement().lifecycle() == PodFacts.Lifecycle.TEMPLATE;
  }
}
