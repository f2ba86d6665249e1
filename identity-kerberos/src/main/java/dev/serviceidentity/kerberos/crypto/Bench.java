// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sealers that work for the keys of many clients in turn. Whoever was here not long ago finds one
 * that still has his keys, and the others give theirs to one that is there: for a thousand clients
 * that is faster than a sealer for each, since what those take does not fit into a processor's
 * cache. Thread-safe and bounded: nobody waits, and who finds none makes one.
 */
final class Bench {
  /** In how many places the sealer of some keys may be. */
  private static final int WAYS = 4;

  private final AtomicReferenceArray<@Nullable Sealer> places;
  private final Supplier<Sealer> maker;

  /** What is done with a sealer. */
  interface Work<T> {
    T with(Sealer sealer) throws GeneralSecurityException;
  }

  /**
   * An empty bench.
   *
   * @param size a power of two, at least 4
   */
  Bench(int size, Supplier<Sealer> maker) {
    this.places = new AtomicReferenceArray<>(size);
    this.maker = maker;
  }

  <T> T work(UsageKeys keys, Work<T> work) throws GeneralSecurityException {
    int first = keys.hashCode() & (places.length() - WAYS);
    Sealer sealer = take(first, keys);
    sealer.key(keys);
    T done = work.with(sealer);
    give(first, sealer);
    return done;
  }

  private Sealer take(int first, UsageKeys keys) {
    int any = first;
    for (int i = first; i < first + WAYS; i++) {
      Sealer there = places.getAcquire(i);
      if (there != null) {
        any = i;
        if (there.has(keys)) {
          break;
        }
      }
    }
    Sealer taken = places.getAndSet(any, null);
    return taken == null ? maker.get() : taken;
  }

  private void give(int first, Sealer sealer) {
    for (int i = first; i < first + WAYS; i++) {
      if (places.getPlain(i) == null && places.compareAndSet(i, null, sealer)) {
        return;
      }
    }
  }
}
