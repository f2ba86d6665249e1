// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;

/** One kind of parameter that tests are given. */
interface ParameterKind {
  /** Tells whether a parameter is of this kind. */
  boolean matches(ParameterContext parameter);

  /**
   * Makes the value, or finds it.
   *
   * @param store of the test or class that asks: looks in those further out first, and closes what
   *     is closeable when the test or class ends
   */
  Object resolve(ParameterContext parameter, Store store);
}
