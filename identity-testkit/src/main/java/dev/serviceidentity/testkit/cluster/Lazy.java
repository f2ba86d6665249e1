// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made once, when it is first asked for; who asks meanwhile waits for it. */
final class Lazy<T> {
  private final Supplier<T> source;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable T made;

  Lazy(Supplier<T> source) {
    this.source = source;
  }

  T get() {
    T value = made;
    return value == null ? make() : value;
  }

  private T make() {
    making.lock();
    try {
      T value = made;
      if (value == null) {
        value = source.get();
        made = value;
      }
      return value;
    } finally {
      making.unlock();
    }
  }
}
