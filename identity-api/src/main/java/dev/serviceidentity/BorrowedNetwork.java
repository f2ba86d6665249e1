// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.NetworkProvider;

/** A view of the cluster that somebody else opened, and that its owner closes. */
record BorrowedNetwork(ClusterNetwork network) implements NetworkProvider {
  @Override
  public ClusterNetwork open(IdentityRuntime runtime) {
    return network;
  }
}
