// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks for an identity, by the type of the parameter: a {@code TestIdentity} who calls, or a {@code
 * FakeMechanism} or {@code FakeServiceIdentity} as the service's own. All go by the test's {@code
 * TestClock}, which stands at the time when it was first asked for.
 *
 * @see ServiceIdentityTest
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Identity {
  /**
   * The principal.
   *
   * @return as {@code PrincipalId.parse} reads it
   */
  String value();
}
