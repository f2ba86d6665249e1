// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.util.Map;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether a switch that is on by itself has been left on. */
final class UnlessOff extends SpringBootCondition {
  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    Map<String, ?> attributes =
        Objects.requireNonNull(
            metadata.getAnnotationAttributes(ConditionalUnlessOff.class.getName()));
    String property = (String) Objects.requireNonNull(attributes.get("value"));
    ConditionMessage.Builder message =
        ConditionMessage.forCondition(ConditionalUnlessOff.class, property);
    return isOn(context.getEnvironment(), property)
        ? ConditionOutcome.match(message.because("it is not false"))
        : ConditionOutcome.noMatch(message.because("it is false"));
  }

  private static boolean isOn(Environment environment, String property) {
    Binder binder = Binder.get(environment);
    // Nothing binds to the empty text, which is what a placeholder leaves that nobody filled in.
    return binder.bind(property, String.class).isBound()
        ? Misconfiguration.reading(property, () -> isTrue(binder, property))
        : true;
  }

  private static boolean isTrue(Binder binder, String property) {
    try {
      return binder.bind(property, Boolean.class).orElseThrow(UnlessOff::neither);
    } catch (BindException unreadable) {
      IllegalArgumentException neither = neither();
      neither.initCause(unreadable);
      throw neither;
    }
  }

  private static IllegalArgumentException neither() {
    return new IllegalArgumentException(
        "is neither true nor false; say one of them, or leave it out");
  }
}
