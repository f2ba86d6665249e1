// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod with what a decision about it needs, looked up once. There is one for each pod of an index,
 * so that identity tells pods apart.
 */
final class IndexedPod {
  private final PodFacts facts;
  private final @Nullable NamespaceFacts namespace;
  private final Map<Direction, List<CompiledPolicy>> isolatedBy;

  IndexedPod(
      PodFacts facts,
      @Nullable NamespaceFacts namespace,
      Map<Direction, List<CompiledPolicy>> isolatedBy) {
    this.facts = facts;
    this.namespace = namespace;
    this.isolatedBy = isolatedBy;
  }

  PodFacts facts() {
    return facts;
  }

  /** Its namespace, or null if that is not known. */
  @Nullable NamespaceFacts namespace() {
    return namespace;
  }

  List<CompiledPolicy> isolatedBy(Direction direction) {
    return isolatedBy.getOrDefault(direction, List.of());
  }

  boolean isTemplate() {
    return facts.placement().lifecycle() == PodFacts.Lifecycle.TEMPLATE;
  }
}
