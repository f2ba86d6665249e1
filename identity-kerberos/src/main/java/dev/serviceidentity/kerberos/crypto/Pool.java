// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few things that are dear to make and for one thread at a time. Whoever finds none makes one,
 * and what does not fit back is left to the collector: nobody waits.
 */
final class Pool<T> {
  private final Supplier<T> maker;
  private final AtomicReferenceArray<@Nullable T> kept;

  Pool(int most, Supplier<T> maker) {
    this.maker = maker;
    this.kept = new AtomicReferenceArray<>(most);
  }

  T take() {
    for (int i = 0; i < kept.length(); i++) {
      if (kept.getPlain(i) != null) {
        T taken = kept.getAndSet(i, null);
        if (taken != null) {
          return taken;
        }
      }
    }
    return maker.get();
  }

  void give(T thing) {
    for (int i = 0; i < kept.length(); i++) {
      if (kept.getPlain(i) == null && kept.compareAndSet(i, null, thing)) {
        return;
      }
    }
  }
}
