// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of which no single key may fill more than a share, so that one caller's events
 * never keep out another's. Many threads offer, one takes; nobody blocks.
 */
final class FairQueue<K, E> {
  private record Entry<K, E>(K key, E element) {}

  private final ConcurrentLinkedQueue<Entry<K, E>> queue = new ConcurrentLinkedQueue<>();
  private final ConcurrentMap<K, Integer> byKey = new ConcurrentHashMap<>();
  private final AtomicInteger size = new AtomicInteger();
  private final int capacity;
  private final int share;

  FairQueue(int capacity, int share) {
    this.capacity = capacity;
    this.share = share;
  }

  /** Adds an element, unless the queue or the key's share is full. */
  boolean offer(K key, E element) {
    if (size.incrementAndGet() > capacity) {
      size.decrementAndGet();
      return false;
    }
    if (byKey.merge(key, 1, Integer::sum) > share) {
      release(key);
      return false;
    }
    queue.add(new Entry<>(key, element));
    return true;
  }

  @Nullable E poll() {
    Entry<K, E> next = queue.poll();
    if (next == null) {
      return null;
    }
    release(next.key());
    return next.element();
  }

  /** How many there are, or are just being added. */
  int size() {
    return size.get();
  }

  private void release(K key) {
    size.decrementAndGet();
    byKey.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }
}
