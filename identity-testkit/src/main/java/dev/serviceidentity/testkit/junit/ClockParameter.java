// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import dev.serviceidentity.testkit.TestClock;
import java.time.Clock;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;

/** The one clock of a test, asked for by its type. */
final class ClockParameter implements ParameterKind {
  static TestClock of(Store store) {
    return store.computeIfAbsent(
        TestClock.class, type -> TestClock.at(Clock.systemUTC()), TestClock.class);
  }

  @Override
  public boolean matches(ParameterContext parameter) {
    return parameter.getParameter().getType() == TestClock.class;
  }

  @Override
  public Object resolve(ParameterContext parameter, Store store) {
    return of(store);
  }
}
