// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for; made twice at most by askers at once. */
final class Lazy<T> {
  private final Supplier<T> source;
  private final AtomicReference<@Nullable T> made = new AtomicReference<>();

  Lazy(Supplier<T> source) {
    this.source = source;
  }

  T get() {
    T value = made.get();
    if (value != null) {
      return value;
    }
    T fresh = source.get();
    T first = made.compareAndExchange(null, fresh);
    return first == null ? fresh : first;
  }
}
