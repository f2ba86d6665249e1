// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.LabelSelector.Operator;
import dev.serviceidentity.k8s.policy.LabelSelector.Requirement;
import dev.serviceidentity.k8s.policy.Quote;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Maps label selectors of the API's model, checked as the API server checks them. */
record SelectorMapping(Problems problems) {
  private static final String PART = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final String DNS = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern KEY =
      Pattern.compile("((?=[^/]{1,253}/)" + DNS + "(\\." + DNS + ")*/)?" + PART);
  private static final Pattern VALUE = Pattern.compile("(" + PART + ")?");
  private static final String CHARACTERS =
      "up to 63 letters, digits, '-', '_' and '.', a letter or digit first and last";

  /** Maps a selector; what cannot be read is reported, and the result then means nothing. */
  LabelSelector map(
      io.fabric8.kubernetes.api.model.@Nullable LabelSelector selector, FieldPath at) {
    if (selector == null) {
      return LabelSelector.EVERYTHING;
    }
    ModelFields.rejectUnknown(selector.getAdditionalProperties(), at, problems);
    var requirements = new ArrayList<Requirement>();
    Map<String, String> labels = Objects.requireNonNullElse(selector.getMatchLabels(), Map.of());
    labels.forEach(
        (key, value) ->
            requirement(key, Operator.IN, List.of(value), at.field("matchLabels").field(key))
                .ifPresent(requirements::add));
    List<LabelSelectorRequirement> expressions =
        ModelFields.orEmpty(selector.getMatchExpressions());
    for (int i = 0; i < expressions.size(); i++) {
      expression(expressions.get(i), at.field("matchExpressions").index(i))
          .ifPresent(requirements::add);
    }
    return new LabelSelector(requirements);
  }

  private Optional<Requirement> expression(LabelSelectorRequirement expression, FieldPath at) {
    ModelFields.rejectUnknown(expression.getAdditionalProperties(), at, problems);
    Operator operator =
        switch (ModelFields.orEmpty(expression.getOperator())) {
          case "In" -> Operator.IN;
          case "NotIn" -> Operator.NOT_IN;
          case "Exists" -> Operator.EXISTS;
          case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
          default -> null;
        };
    if (operator == null) {
      problems.errorUnlessExplained(
          at.field("operator"),
          "must be In, NotIn, Exists or DoesNotExist"
              + (expression.getOperator() == null
                  ? ""
                  : ", not " + Quote.of(expression.getOperator())));
      return Optional.empty();
    }
    List<String> values = ModelFields.orEmpty(expression.getValues());
    if (values.stream().anyMatch(Objects::isNull)) {
      problems.errorUnlessExplained(at.field("values"), "every value must be text");
      return Optional.empty();
    }
    return requirement(expression.getKey(), operator, values, at);
  }

  private Optional<Requirement> requirement(
      @Nullable String key, Operator operator, List<String> values, FieldPath at) {
    if (key == null || !KEY.matcher(key).matches()) {
      problems.errorUnlessExplained(
          at,
          "has a key that no label can have"
              + (key == null ? "" : ", " + Quote.of(key))
              + "; write "
              + CHARACTERS
              + ", perhaps after a DNS name and '/'");
      return Optional.empty();
    }
    for (String value : values) {
      if (!VALUE.matcher(value).matches()) {
        problems.error(
            at, "has a value that no label can have, " + Quote.of(value) + "; write " + CHARACTERS);
        return Optional.empty();
      }
    }
    try {
      return Optional.of(new Requirement(key, operator, Set.copyOf(values)));
    } catch (IllegalArgumentException e) {
      problems.errorUnlessExplained(at, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
