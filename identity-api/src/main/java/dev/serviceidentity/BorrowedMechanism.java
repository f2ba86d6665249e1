// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;

/** A mechanism that somebody else opened, and that its owner closes. */
record BorrowedMechanism(IdentityMechanism mechanism) implements MechanismProvider {
  @Override
  public MechanismName name() {
    return mechanism.name();
  }

  @Override
  public IdentityMechanism open(IdentityRuntime runtime) {
    return mechanism;
  }
}
