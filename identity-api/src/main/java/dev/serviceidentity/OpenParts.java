// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.NetworkProvider;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an identity that are open, and those among them that it must close: in reverse
 * order, and also when a later one fails to open.
 */
final class OpenParts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OpenParts.class.getName());

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final Map<MechanismName, IdentityMechanism> mechanisms = new LinkedHashMap<>();
  private @Nullable ClusterNetwork network;

  static OpenParts open(ServiceIdentityBuilder builder, IdentityRuntime runtime) {
    var parts = new OpenParts();
    boolean complete = false;
    try {
      builder.mechanisms.values().forEach(provider -> parts.open(provider, runtime));
      NetworkProvider network = builder.network;
      if (network != null) {
        parts.open(network, runtime, builder.ownsNetwork);
      }
      complete = true;
      return parts;
    } finally {
      if (!complete) {
        parts.close();
      }
    }
  }

  /** By name, in the order of configuration. */
  Map<MechanismName, IdentityMechanism> mechanisms() {
    return mechanisms;
  }

  @Nullable ClusterNetwork network() {
    return network;
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      AutoCloseable part = owned.pop();
      try {
        part.close();
      } catch (Exception failed) {
        // AutoCloseable allows anything; the parts that were opened before must be closed as well.
        LOG.log(Level.WARNING, "A part of the identity could not be closed", failed);
      }
    }
  }

  private void open(MechanismProvider provider, IdentityRuntime runtime) {
    IdentityMechanism mechanism = provider.open(runtime);
    mechanisms.put(provider.name(), mechanism);
    if (!(provider instanceof AlreadyOpen)) {
      owned.push(mechanism);
    }
  }

  private void open(NetworkProvider provider, IdentityRuntime runtime, boolean owns) {
    ClusterNetwork opened = provider.open(runtime);
    network = opened;
    if (owns) {
      owned.push(opened);
    }
  }
}
