// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestClock;
import dev.serviceidentity.testkit.TestIdentity;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** Somebody who calls, or the service itself, by the type of the parameter. */
final class IdentityParameter implements ParameterKind {
  @Override
  public boolean matches(ParameterContext parameter) {
    return parameter.isAnnotated(Identity.class);
  }

  @Override
  public Object resolve(ParameterContext parameter, Store store) {
    Class<?> type = parameter.getParameter().getType();
    Identity wanted = parameter.findAnnotation(Identity.class).orElseThrow();
    TestClock clock = ClockParameter.of(store);
    if (type == TestIdentity.class) {
      return TestIdentity.of(wanted.value()).clock(clock);
    }
    if (type == FakeMechanism.class) {
      return store.computeIfAbsent(
          wanted, it -> FakeMechanism.of(it.value()).open(clock), FakeMechanism.class);
    }
    throw new ParameterResolutionException(
        "@Identity gives a TestIdentity or a FakeMechanism, not a " + type.getSimpleName());
  }
}
