// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The way from an object's root to one of its fields. */
record FieldPath(List<String> steps) {
  private static final Pattern INDEX = Pattern.compile("\\[[0-9]{1,9}]");

  static final FieldPath ROOT = new FieldPath(List.of());

  static FieldPath of(String... fields) {
    return new FieldPath(List.of(fields));
  }

  FieldPath field(String name) {
    var longer = new ArrayList<>(steps);
    longer.add(name);
    return new FieldPath(List.copyOf(longer));
  }

  FieldPath index(int index) {
    return field("[" + index + "]");
  }

  /** A field may have any name that somebody writes, also one that begins like an index. */
  static boolean isIndex(String step) {
    return INDEX.matcher(step).matches();
  }

  boolean isUnder(FieldPath other) {
    return steps.size() >= other.steps.size()
        && steps.subList(0, other.steps.size()).equals(other.steps);
  }

  boolean isWithin(FieldPath other) {
    return isUnder(other) && !equals(other);
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (String step : steps) {
      if (isIndex(step) || step.indexOf('.') < 0) {
        text.append(text.isEmpty() || isIndex(step) ? "" : ".").append(step);
      } else {
        text.append("[\"").append(step).append("\"]");
      }
    }
    return text.toString();
  }
}
