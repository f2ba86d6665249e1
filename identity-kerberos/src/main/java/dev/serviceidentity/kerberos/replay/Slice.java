// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
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
  private final Quotas quotas;
  private final Shard[] shards = new Shard[SHARDS];

  /** What one lock guards; it is held for a look-up in memory. */
  private static final class Shard {
    private final ReentrantLock lock = new ReentrantLock();
    private final PairSet seen = new PairSet();
    private int visitors;
    private boolean forgotten;
  }

  Slice(long number, PairHash hash, Quotas quotas) {
    this.number = number;
    this.hash = hash;
    this.quotas = quotas;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  long number() {
    return number;
  }

  /**
   * Adds a pair if it is not there and there is room for it.
   *
   * @param client what stands for the client
   * @param visits whether it is of another realm
   */
  Answer add(long high, long low, long client, boolean visits) {
    long place = hash.of(high, low);
    Shard shard = shards[(int) (place >>> (Long.SIZE - 6))];
    shard.lock.lock();
    try {
      if (shard.forgotten) {
        return Answer.UNAVAILABLE;
      }
      if (shard.seen.contains(high, low, place)) {
        return Answer.REPLAYED;
      }
      Answer room = quotas.take(client, visits, number);
      if (room != Answer.FIRST) {
        return room;
      }
      if (shard.seen.isCrowded()) {
        shard.seen.grow(hash);
      }
      shard.seen.add(high, low, place);
      shard.visitors += visits ? 1 : 0;
      return Answer.FIRST;
    } finally {
      shard.lock.unlock();
    }
  }

  /** Takes no more, and gives its room back. Called once. */
  void forget() {
    int all = 0;
    int visitors = 0;
    for (Shard shard : shards) {
      shard.lock.lock();
      try {
        shard.forgotten = true;
        all += shard.seen.size();
        visitors += shard.visitors;
      } finally {
        shard.lock.unlock();
      }
    }
    quotas.give(all, visitors);
  }
}
