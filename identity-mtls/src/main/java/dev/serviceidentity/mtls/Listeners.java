// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.Subscription;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Tells listeners on the owner's thread; what one of them throws harms nobody. */
final class Listeners {
  private static final Logger LOG = System.getLogger(Listeners.class.getName());

  /** A registration of its own for each call, so that one listener may be there twice. */
  private record Registration(IdentityListener listener, Object key) {}

  private final List<Registration> registrations = new CopyOnWriteArrayList<>();
  private final Executor executor;

  Listeners(Executor executor) {
    this.executor = executor;
  }

  Subscription add(IdentityListener listener) {
    var registration = new Registration(listener, new Object());
    registrations.add(registration);
    return () -> registrations.remove(registration);
  }

  void rotated(IdentitySnapshot current) {
    tell(listener -> listener.onRotated(current));
  }

  void refreshFailed(IdentitySnapshot current, IdentityException cause) {
    tell(listener -> listener.onRefreshFailed(current, cause));
  }

  void expired(IdentitySnapshot expired) {
    tell(listener -> listener.onExpired(expired));
  }

  private void tell(Consumer<IdentityListener> event) {
    for (Registration registration : registrations) {
      try {
        executor.execute(() -> call(registration.listener(), event));
      } catch (RejectedExecutionException closing) {
        LOG.log(Level.DEBUG, "The owner is closing; a listener is not told");
      }
    }
  }

  private static void call(IdentityListener listener, Consumer<IdentityListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "An identity listener failed", e);
    }
  }
}
