// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The listeners of one mechanism. They are told on a thread of their own, one event at a time, so
 * that a slow one delays neither a refresh nor a request; what one throws is logged. Thread-safe.
 */
public final class IdentityListeners implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(IdentityListeners.class.getName());

  /** A registration of its own for each call, so that one listener may be there twice. */
  private record Registration(IdentityListener listener, Object key) {}

  private final List<Registration> registrations = new CopyOnWriteArrayList<>();
  private final BackgroundThread thread;

  /**
   * No listeners yet, and no thread before there is one to tell.
   *
   * @param mechanism whose identity they hear about
   */
  public IdentityListeners(MechanismName mechanism) {
    this.thread = new BackgroundThread("identity-" + mechanism + "-listeners");
  }

  /**
   * Registers a listener.
   *
   * @param listener hears of events from now on
   * @return ends this registration when closed
   */
  public Subscription subscribe(IdentityListener listener) {
    var registration = new Registration(Objects.requireNonNull(listener, "listener"), new Object());
    registrations.add(registration);
    return () -> registrations.remove(registration);
  }

  /**
   * Tells of a new credential.
   *
   * @param current the identity from now on
   */
  public void rotated(IdentitySnapshot current) {
    tell(listener -> listener.onRotated(current));
  }

  /**
   * Tells of a refresh that failed.
   *
   * @param current the identity that stays in use
   * @param cause what went wrong
   */
  public void refreshFailed(IdentitySnapshot current, IdentityException cause) {
    tell(listener -> listener.onRefreshFailed(current, cause));
  }

  /**
   * Tells that the credential has expired.
   *
   * @param expired the identity that is no longer valid
   */
  public void expired(IdentitySnapshot expired) {
    tell(listener -> listener.onExpired(expired));
  }

  /** Forgets the listeners; an event that is under way may still reach them. */
  @Override
  public void close() {
    registrations.clear();
    thread.close();
  }

  private void tell(Consumer<IdentityListener> event) {
    if (!registrations.isEmpty()) {
      thread.execute(() -> registrations.forEach(one -> call(one.listener(), event)));
    }
  }

  private static void call(IdentityListener listener, Consumer<IdentityListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException failed) {
      // A listener is foreign code; the others are still told.
      LOG.log(Level.WARNING, "An identity listener failed; the others are still told", failed);
    }
  }
}
