// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.Subscription;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Calls listeners on a thread of their own, one event at a time. */
final class Listeners implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

  private final List<IdentityListener> listeners = new CopyOnWriteArrayList<>();
  private final BackgroundThread thread = new BackgroundThread("identity-kerberos-listeners");

  Subscription subscribe(IdentityListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return () -> listeners.remove(listener);
  }

  void tell(Consumer<IdentityListener> event) {
    if (!listeners.isEmpty()) {
      thread.execute(() -> listeners.forEach(listener -> tell(listener, event)));
    }
  }

  @Override
  public void close() {
    listeners.clear();
    thread.close();
  }

  private static void tell(IdentityListener listener, Consumer<IdentityListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException thrown) {
      LOG.log(Level.WARNING, "A listener failed; the others are still told", thrown);
    }
  }
}
