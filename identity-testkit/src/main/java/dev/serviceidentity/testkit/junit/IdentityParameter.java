// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import dev.serviceidentity.testkit.TestClock;
import dev.serviceidentity.testkit.TestIdentity;
import java.util.List;
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
          List.of(wanted, type),
          key -> FakeMechanism.of(wanted.value()).open(clock),
          FakeMechanism.class);
    }
    if (type == FakeServiceIdentity.class) {
      return store.computeIfAbsent(
          List.of(wanted, type),
          key -> FakeServiceIdentity.of(FakeMechanism.of(wanted.value()).open(clock)),
          FakeServiceIdentity.class);
    }
    throw new ParameterResolutionException(
        "@Identity gives a TestIdentity, FakeMechanism or FakeServiceIdentity, not a "
            + type.getSimpleName());
  }
}
