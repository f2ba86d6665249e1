// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import java.util.Map;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether any property of a group is said. */
final class OnAnyProperty extends SpringBootCondition {
  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    Map<String, ?> attributes =
        Objects.requireNonNull(
            metadata.getAnnotationAttributes(ConditionalOnAnyProperty.class.getName()));
    String group = (String) Objects.requireNonNull(attributes.get("value"));
    ConditionMessage.Builder message =
        ConditionMessage.forCondition(ConditionalOnAnyProperty.class, group);
    return isSaid(context.getEnvironment(), group)
        ? ConditionOutcome.match(message.because("a property of it is said"))
        : ConditionOutcome.noMatch(message.because("no property of it is said"));
  }

  static boolean isSaid(Environment environment, String group) {
    return Binder.get(environment)
        .bind(group, Bindable.mapOf(String.class, Object.class))
        .isBound();
  }
}
