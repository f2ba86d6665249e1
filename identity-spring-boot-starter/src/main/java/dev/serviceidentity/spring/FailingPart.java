// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spring.properties.Misconfiguration;
import java.util.function.Supplier;

/** A mechanism that says, if it does not open, which properties it was made of. */
record FailingPart(MechanismProvider provider) implements MechanismProvider {
  @Override
  public MechanismName name() {
    return provider.name();
  }

  @Override
  public IdentityMechanism open(IdentityRuntime runtime) {
    return of(MechanismGroup.of(provider.name()), () -> provider.open(runtime));
  }

  static <T> T of(String group, Supplier<T> opening) {
    try {
      return opening.get();
    } catch (IdentityException failed) {
      throw Misconfiguration.in(group, failed);
    }
  }
}
