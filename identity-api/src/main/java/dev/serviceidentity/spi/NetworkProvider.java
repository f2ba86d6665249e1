// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import dev.serviceidentity.network.ClusterNetwork;

/** Opens a view of a cluster on the runtime that its owner provides. */
@FunctionalInterface
public interface NetworkProvider {
  /**
   * Opens the view and waits until it can decide, never for ever.
   *
   * @param runtime clock and scheduler of the owner
   * @return the view, which the caller closes
   * @throws dev.serviceidentity.identity.IdentityException if it cannot work; nothing stays open
   */
  ClusterNetwork open(IdentityRuntime runtime);
}
