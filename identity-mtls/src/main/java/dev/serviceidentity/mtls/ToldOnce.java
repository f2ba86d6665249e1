// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What has been told last, so that an episode is told of once. Thread-safe. */
final class ToldOnce<T> {
  private final AtomicReference<@Nullable T> last = new AtomicReference<>();

  /** Tells whether this is to be told; nothing to tell ends an episode. */
  boolean isNew(@Nullable T news) {
    return !Objects.equals(news, last.getAndSet(news)) && news != null;
  }
}
