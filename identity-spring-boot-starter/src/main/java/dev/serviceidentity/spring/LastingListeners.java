// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.Subscription;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Listeners that outlive the identity that they hear of: they may register before the first one
 * opens, and hear of the next one, too. Thread-safe.
 */
final class LastingListeners implements IdentityListener {
  private static final System.Logger LOG = System.getLogger(LastingListeners.class.getName());

  /** Equal to itself alone, so that one listener may be there twice. */
  private static final class Registration {
    private final IdentityListener listener;

    Registration(IdentityListener listener) {
      this.listener = listener;
    }
  }

  private final List<Registration> registrations = new CopyOnWriteArrayList<>();

  Subscription subscribe(IdentityListener listener) {
    var registration = new Registration(Objects.requireNonNull(listener, "listener"));
    registrations.add(registration);
    return () -> registrations.remove(registration);
  }

  /**
   * Its first credentials are new ones. The registration ends with the identity, which forgets its
   * listeners as it closes.
   */
  void follow(ServiceIdentity opened) {
    opened.subscribe(this);
    opened.identities().forEach(this::onRotated);
  }

  @Override
  public void onRotated(IdentitySnapshot current) {
    tell(listener -> listener.onRotated(current));
  }

  @Override
  public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
    tell(listener -> listener.onRefreshFailed(current, cause));
  }

  @Override
  public void onExpired(IdentitySnapshot expired) {
    tell(listener -> listener.onExpired(expired));
  }

  private void tell(Consumer<IdentityListener> event) {
    for (Registration registration : registrations) {
      try {
        event.accept(registration.listener);
      } catch (RuntimeException failed) {
        // A listener is foreign code; the others are still told.
        LOG.log(Level.WARNING, "An identity listener failed; the others are still told", failed);
      }
    }
  }
}
