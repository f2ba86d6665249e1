// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.audit.AccessEvent.Own;
import dev.serviceidentity.guard.FollowedCallers;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.NetworkProvider;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an identity that are open, and those among them that it must close: in reverse
 * order, and also when a later one fails to open.
 */
final class OpenParts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OpenParts.class.getName());

  private final Deque<Runnable> owned = new ArrayDeque<>();
  private final Map<MechanismName, IdentityMechanism> mechanisms = new LinkedHashMap<>();
  private @Nullable ClusterNetwork network;
  private @Nullable FollowedCallers callers;

  static OpenParts open(ServiceIdentityBuilder builder, IdentityRuntime runtime) {
    var parts = new OpenParts();
    boolean complete = false;
    try {
      builder.mechanisms.values().forEach(provider -> parts.open(provider, runtime));
      NetworkProvider network = builder.network;
      if (network != null) {
        parts.open(network, runtime);
      }
      Path callers = builder.allowedFile;
      if (callers != null) {
        FollowedCallers followed = FollowedCallers.open(callers, runtime);
        parts.callers = followed;
        parts.owned.push(followed::close);
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

  /** Who may call, where a file says so. */
  @Nullable FollowedCallers callers() {
    return callers;
  }

  /** Who decides, for events: what the parts say now, without those that do not. */
  Own own() {
    var principals = new ArrayList<PrincipalId>(mechanisms.size());
    long generations = 0;
    for (IdentityMechanism mechanism : mechanisms.values()) {
      IdentitySnapshot current = current(mechanism);
      if (current != null) {
        principals.add(current.principal());
        generations += current.generation();
      }
    }
    return new Own(principals, pod(), generations);
  }

  private @Nullable String pod() {
    try {
      return network == null ? null : network.self().map(Workload::displayName).orElse(null);
    } catch (RuntimeException failed) {
      // The layer that needs the pod refuses on its own; the event must be made in any case.
      LOG.log(Level.DEBUG, "The network does not say which pod this is", failed);
      return null;
    }
  }

  private static @Nullable IdentitySnapshot current(IdentityMechanism mechanism) {
    try {
      return mechanism.current();
    } catch (RuntimeException failed) {
      // Closed, or foreign code that fails: an event without this name is better than none.
      LOG.log(Level.DEBUG, "A mechanism does not say who this is", failed);
      return null;
    }
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      Runnable close = owned.pop();
      try {
        close.run();
      } catch (RuntimeException failed) {
        // A part may be foreign code; those that were opened before it must be closed as well.
        LOG.log(Level.WARNING, "A part of the identity could not be closed", failed);
      }
    }
  }

  private void open(MechanismProvider provider, IdentityRuntime runtime) {
    IdentityMechanism mechanism = Objects.requireNonNull(provider.open(runtime), "mechanism");
    if (!(provider instanceof BorrowedMechanism)) {
      owned.push(mechanism::close);
    }
    mechanisms.put(provider.name(), mechanism);
  }

  private void open(NetworkProvider provider, IdentityRuntime runtime) {
    // Null here would be taken for an identity that trusts identity alone.
    ClusterNetwork opened = Objects.requireNonNull(provider.open(runtime), "network");
    network = opened;
    if (!(provider instanceof BorrowedNetwork)) {
      owned.push(opened::close);
    }
  }
}
