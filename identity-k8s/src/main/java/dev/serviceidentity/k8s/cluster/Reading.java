// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * One pass over one object: collects problems and counts nodes, because a few aliases can make a
 * small file large without end.
 */
final class Reading {
  private static final int MOST_NODES = 500_000;

  private final Problems problems;
  private int nodes;

  Reading(Problems problems) {
    this.problems = problems;
  }

  @Nullable Object read(Shape shape, Node node, FieldPath at) {
    nodes++;
    if (nodes > MOST_NODES) {
      if (nodes == MOST_NODES + 1) {
        problems.error(
            FieldPath.ROOT, "too large once its aliases are followed; write it out smaller");
      }
      return null;
    }
    return shape.read(node, at, this);
  }

  @Nullable Object wrongType(FieldPath at, String expected) {
    problems.error(at, "must be " + expected);
    return null;
  }

  /** The key of an entry, after reporting what makes its meaning depend on the reader. */
  String key(NodeTuple entry, FieldPath at, Set<String> seen) {
    String key = Shape.text(entry.getKeyNode());
    if (key == null) {
      problems.error(at, "every key must be text");
      return "";
    }
    if (seen.contains(key)) {
      problems.error(at.field(key), "is given twice; keep one");
    }
    return key;
  }
}
