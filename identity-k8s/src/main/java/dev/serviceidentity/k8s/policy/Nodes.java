// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Set;

/**
 * The nodes of which one has an address.
 *
 * @param names those that are known by name; none if it is known of nobody which node it is on
 * @param orAnother whether something claims the address as well that may be any other node
 */
record Nodes(Set<String> names, boolean orAnother) {
  /** It is some node, and nothing more is known. */
  static final Nodes UNKNOWN = new Nodes(Set.of(), false);

  static Nodes of(String name) {
    return name.isEmpty() ? UNKNOWN : new Nodes(Set.of(name), false);
  }

  /** Whether the one that has it is this; of an empty name it is not known. */
  Ternary isNode(String name) {
    if (name.isEmpty() || names.isEmpty()) {
      return Ternary.UNKNOWN;
    }
    boolean mayBeAnother = orAnother || names.size() > 1;
    if (names.contains(name)) {
      return mayBeAnother ? Ternary.UNKNOWN : Ternary.YES;
    }
    return orAnother ? Ternary.UNKNOWN : Ternary.NO;
  }

  /** What people call it. */
  String label() {
    return names.isEmpty() ? "a node" : "node " + String.join(", ", names);
  }
}
