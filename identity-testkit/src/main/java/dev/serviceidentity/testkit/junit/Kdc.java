// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks for an {@code EmbeddedKdc}.
 *
 * @see ServiceIdentityTest
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Kdc {
  /**
   * The realm.
   *
   * @return by custom in capital letters
   */
  String value() default "SHOP.EXAMPLE";

  /**
   * Principals that are there from the beginning, with random keys.
   *
   * @return names with or without the realm
   */
  String[] principals() default {};
}
