// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A choice of pods or namespaces by their labels: all requirements must hold. An entry of {@code
 * matchLabels} is a requirement {@link Operator#IN} with one value.
 *
 * @param requirements none chooses everything
 */
public record LabelSelector(List<Requirement> requirements) {
  /** Chooses everything, as {@code {}} does. */
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  /** How a requirement compares. */
  public enum Operator {
    /** The label is there and has one of the values. */
    IN,
    /** The label is not there, or has none of the values. */
    NOT_IN,
    /** The label is there. */
    EXISTS,
    /** The label is not there. */
    DOES_NOT_EXIST
  }

  /**
   * A condition on one label.
   *
   * @param key the label
   * @param operator how it compares
   * @param values what it compares with
   */
  public record Requirement(String key, Operator operator, Set<String> values) {
    /**
     * Checks that values are given exactly where the operator compares with some.
     *
     * @param key the label
     * @param operator how it compares
     * @param values what it compares with
     * @throws IllegalArgumentException if there are too many or too few values
     */
    public Requirement {
      Objects.requireNonNull(key, "key");
      values = Set.copyOf(values);
      boolean compares = operator == Operator.IN || operator == Operator.NOT_IN;
      if (compares && values.isEmpty()) {
        throw new IllegalArgumentException("In and NotIn need at least one value");
      }
      if (!compares && !values.isEmpty()) {
        throw new IllegalArgumentException("Exists and DoesNotExist take no values");
      }
    }

    /**
     * Tells whether labels meet the condition.
     *
     * @param labels all labels of one object
     * @return true if they do; a missing label meets {@link Operator#NOT_IN}
     */
    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }

    /** Returns the form that {@code kubectl --selector} takes. */
    @Override
    public String toString() {
      String list = String.join(",", new TreeSet<>(values));
      return switch (operator) {
        case IN -> values.size() == 1 ? key + "=" + list : key + " in (" + list + ")";
        case NOT_IN -> key + " notin (" + list + ")";
        case EXISTS -> key;
        case DOES_NOT_EXIST -> "!" + key;
      };
    }
  }

  /**
   * Copies the list.
   *
   * @param requirements all must hold
   */
  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /**
   * Tells whether the selector asks for nothing.
   *
   * @return true if it chooses everything
   */
  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  /**
   * Tells whether labels meet all requirements.
   *
   * @param labels all labels of one object
   * @return true if they do
   */
  public boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }

  /** Returns the form that {@code kubectl --selector} takes. */
  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }
}
