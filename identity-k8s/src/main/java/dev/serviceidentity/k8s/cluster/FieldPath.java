// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The way from an object's root to one of its fields. */
record FieldPath(List<Step> steps) {
  static final FieldPath ROOT = new FieldPath(List.of());

  /** One step: a field's name may be any text, also one that looks like an index. */
  sealed interface Step {
    /** To the value of a field. */
    record Field(String name) implements Step {}

    /** To an element of a list. */
    record Index(int at) implements Step {}
  }

  static FieldPath of(String... fields) {
    return new FieldPath(Arrays.stream(fields).<Step>map(Step.Field::new).toList());
  }

  FieldPath field(String name) {
    return then(new Step.Field(name));
  }

  FieldPath index(int index) {
    return then(new Step.Index(index));
  }

  boolean isUnder(FieldPath other) {
    return steps.size() >= other.steps.size()
        && steps.subList(0, other.steps.size()).equals(other.steps);
  }

  boolean isWithin(FieldPath other) {
    return isUnder(other) && !equals(other);
  }

  /** Whether both are fields of one mapping, or elements of one list. */
  boolean isBeside(FieldPath other) {
    return !steps.isEmpty()
        && steps.size() == other.steps.size()
        && other.isUnder(new FieldPath(steps.subList(0, steps.size() - 1)));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Step step : steps) {
      if (step instanceof Step.Index index) {
        text.append('[').append(index.at()).append(']');
      } else if (step instanceof Step.Field field && isPlain(field.name())) {
        text.append(text.isEmpty() ? "" : ".").append(field.name());
      } else {
        text.append("[\"").append(((Step.Field) step).name()).append("\"]");
      }
    }
    return text.toString();
  }

  private static boolean isPlain(String name) {
    return name.indexOf('.') < 0 && name.indexOf('[') < 0;
  }

  private FieldPath then(Step step) {
    var longer = new ArrayList<>(steps);
    longer.add(step);
    return new FieldPath(List.copyOf(longer));
  }
}
