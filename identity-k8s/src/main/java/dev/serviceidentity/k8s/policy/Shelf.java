// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values by small numbers, each put when it is first needed. Nobody waits: a value that two threads
 * put at once may be lost, and is then made again, the same.
 */
final class Shelf<V> {
  private volatile AtomicReferenceArray<@Nullable V> places = new AtomicReferenceArray<>(0);

  @Nullable V get(int number) {
    AtomicReferenceArray<@Nullable V> now = places;
    return number < now.length() ? now.get(number) : null;
  }

  /** Returns how many places had to be made. */
  int put(int number, V value) {
    AtomicReferenceArray<@Nullable V> now = places;
    int before = now.length();
    if (number >= before) {
      now = longer(now, Math.max(number + 1, before + before / 2));
      places = now;
    }
    now.set(number, value);
    return now.length() - before;
  }

  private static <V> AtomicReferenceArray<@Nullable V> longer(
      AtomicReferenceArray<@Nullable V> old, int length) {
    var longer = new AtomicReferenceArray<@Nullable V>(length);
    for (int i = 0; i < old.length(); i++) {
      longer.set(i, old.get(i));
    }
    return longer;
  }

  /** A shelf with the values that are kept. */
  Shelf<V> filtered(Predicate<V> kept) {
    var shelf = new Shelf<V>();
    AtomicReferenceArray<@Nullable V> now = places;
    for (int i = 0; i < now.length(); i++) {
      V value = now.get(i);
      if (value != null && kept.test(value)) {
        shelf.put(i, value);
      }
    }
    return shelf;
  }
}
