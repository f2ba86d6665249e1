// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.junit;

import dev.serviceidentity.testkit.EmbeddedKdc;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;

/** A KDC, one for equal annotations. */
final class KdcParameter implements ParameterKind {
  @Override
  public boolean matches(ParameterContext parameter) {
    return parameter.isAnnotated(Kdc.class);
  }

  @Override
  public Object resolve(ParameterContext parameter, Store store) {
    Kdc wanted = parameter.findAnnotation(Kdc.class).orElseThrow();
    return store.computeIfAbsent(wanted, KdcParameter::start, EmbeddedKdc.class);
  }

  private static EmbeddedKdc start(Kdc wanted) {
    return populate(EmbeddedKdc.start(wanted.value()), wanted.principals());
  }

  /** Nobody else knows the KDC yet, so that it is closed here if a principal cannot be added. */
  static EmbeddedKdc populate(EmbeddedKdc kdc, String... principals) {
    try {
      Stream.of(principals).forEach(kdc::principal);
      return kdc;
    } catch (IllegalStateException failed) {
      try (kdc) {
        throw failed;
      }
    }
  }
}
