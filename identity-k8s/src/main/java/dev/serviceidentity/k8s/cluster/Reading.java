// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

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

  void error(FieldPath at, String message) {
    problems.error(at, message);
  }

  void unknownField(FieldPath at, String message) {
    problems.unknownField(at, message);
  }

  void warning(FieldPath at, String message) {
    problems.warning(at, message);
  }

  /** Whether so much is wrong that one thing more is not shown. */
  boolean isHopeless() {
    return problems.isFull();
  }

  @Nullable Object wrongType(FieldPath at, String expected) {
    problems.error(at, "must be " + expected);
    return null;
  }

  /**
   * The key of an entry, after reporting what makes its meaning depend on the reader. It is added
   * to those that were seen before.
   */
  String key(NodeTuple entry, FieldPath at, Set<String> seen) {
    if (!Scalar.isText(entry.getKeyNode())) {
      problems.error(at, "every key must be text (in quotes, if it looks like something else)");
      return "";
    }
    String key = ((ScalarNode) entry.getKeyNode()).getValue();
    if (!seen.add(key)) {
      problems.error(at.field(key), "is given twice; keep one");
    }
    return key;
  }
}
