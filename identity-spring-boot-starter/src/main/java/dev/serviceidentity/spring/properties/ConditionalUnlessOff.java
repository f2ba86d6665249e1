// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Matches unless a property is false, in any way in which Spring says so. Spring's own {@code
 * ConditionalOnBooleanProperty} knows no other yes than {@code true}, so that {@code on} and every
 * misspelling would turn a guard off; here what is neither true nor false ends the start.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(UnlessOff.class)
public @interface ConditionalUnlessOff {
  /**
   * The property.
   *
   * @return its name
   */
  String value();
}
