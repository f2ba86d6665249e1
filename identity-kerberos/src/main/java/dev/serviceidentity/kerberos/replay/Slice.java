// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The authenticators of one stretch of time, by the time that they say they were sent: all copies
 * of one are looked for in the same slice, whenever they arrive, and a slice is forgotten as a
 * whole.
 */
final class Slice {
  private static final int SHARDS = 64;

  private final long number;
  private final PairHash hash;
  private final Shard[] shards = new Shard[SHARDS];
  private final AtomicInteger size = new AtomicInteger();
  private final ConcurrentHashMap<String, AtomicInteger> clients = new ConcurrentHashMap<>();

  /** What one lock guards; it is held for a look-up in memory. */
  private static final class Shard {
    private final ReentrantLock lock = new ReentrantLock();
    private final PairSet seen = new PairSet();
  }

  Slice(long number, PairHash hash) {
    this.number = number;
    this.hash = hash;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  long number() {
    return number;
  }

  int size() {
    return size.get();
  }

  /** How many clients have some in this slice. */
  int clients() {
    return clients.size();
  }

  /** How many of a client's are in this slice. */
  int sizeOf(String client) {
    AtomicInteger count = clients.get(client);
    return count == null ? 0 : count.get();
  }

  /**
   * Adds a pair if it is not there and there is room for it.
   *
   * @param client whose it is
   * @param room how many more there may be in this slice: of the client, and of all
   */
  Answer add(long high, long low, String client, Room room) {
    long place = hash.of(high, low);
    Shard shard = shards[(int) (place >>> (Long.SIZE - 6))];
    shard.lock.lock();
    try {
      if (shard.seen.contains(high, low, place)) {
        return Answer.REPLAYED;
      }
      Answer counted = count(client, room);
      if (counted != Answer.FIRST) {
        return counted;
      }
      if (shard.seen.isCrowded()) {
        shard.seen.grow(hash);
      }
      shard.seen.add(high, low, place);
      return Answer.FIRST;
    } finally {
      shard.lock.unlock();
    }
  }

  /** Counts beyond the limit first, since only the new count says atomically whether it fits. */
  private Answer count(String client, Room room) {
    // Who is refused must leave nothing behind, not even a zero.
    if (room.ofClient() <= 0) {
      return Answer.OVER_QUOTA;
    }
    if (size.get() >= room.ofAll()) {
      return Answer.UNAVAILABLE;
    }
    AtomicInteger known = clients.get(client);
    AtomicInteger own =
        known == null ? clients.computeIfAbsent(client, name -> new AtomicInteger()) : known;
    if (own.incrementAndGet() > room.ofClient()) {
      own.decrementAndGet();
      return Answer.OVER_QUOTA;
    }
    if (size.incrementAndGet() > room.ofAll()) {
      size.decrementAndGet();
      own.decrementAndGet();
      return Answer.UNAVAILABLE;
    }
    return Answer.FIRST;
  }
}
