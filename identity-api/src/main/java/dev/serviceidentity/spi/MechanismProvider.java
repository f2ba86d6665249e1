// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;

/**
 * Opens one mechanism on the runtime that its owner provides. The builder of each mechanism is one.
 */
public interface MechanismProvider {
  /**
   * Which mechanism this opens.
   *
   * @return known before opening
   */
  MechanismName name();

  /**
   * Opens the mechanism and waits for its first credential, never for ever.
   *
   * @param runtime clock, scheduler and reporting of the owner
   * @return the mechanism, which the caller closes
   * @throws dev.serviceidentity.identity.IdentityException if it cannot work; nothing stays open
   */
  IdentityMechanism open(IdentityRuntime runtime);
}
