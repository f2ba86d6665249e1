// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks for a {@code FakeCluster}.
 *
 * @see ServiceIdentityTest
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Cluster {
  /**
   * The manifests of what is there from the beginning.
   *
   * @return files, and directories of them, by paths from the directory that the tests run in
   */
  String[] value() default {};

  /**
   * The pod that the service under test runs in.
   *
   * @return {@code namespace/name}; empty if no service runs in it
   */
  String ownPod() default "";
}
