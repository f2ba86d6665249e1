// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Resolves the parameters of {@link ServiceIdentityTest}, each by the first kind that it is of. */
final class ParameterKinds implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ParameterKinds.class);
  private static final List<ParameterKind> KINDS =
      List.of(
          new ClockParameter(),
          new IdentityParameter(),
          new KdcParameter(),
          new ClusterParameter());

  /** Constructors run for one test each, unless a class has one instance. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return kindOf(parameter).isPresent();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return kindOf(parameter).orElseThrow().resolve(parameter, context.getStore(NAMESPACE));
  }

  private static Optional<ParameterKind> kindOf(ParameterContext parameter) {
    return KINDS.stream().filter(kind -> kind.matches(parameter)).findFirst();
  }
}
