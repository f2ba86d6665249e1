// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Who may hold how much of a store. Exact under threads: no limit is passed, and nobody is refused
 * while there is room. Who is refused leaves nothing behind.
 */
final class Quotas {
  /** One client may hold one part of so many. */
  static final int PARTS = 16;

  private static final int TABLES = 64;

  /** What one visitor adds to the number of all, which is the lower half. */
  private static final long VISITOR = 1L << Integer.SIZE;

  private final int capacity;
  private final AtomicLong held = new AtomicLong();
  private final ClientTable[] residents = tables();
  private final ClientTable[] visitors = tables();
  private volatile long oldest = Long.MIN_VALUE;

  Quotas(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Takes room for one authenticator.
   *
   * @param client what stands for the client; not zero
   * @param visits whether it is of another realm
   * @param slice when the authenticator was sent
   * @return FIRST if there was room
   */
  Answer take(long client, boolean visits, long slice) {
    ClientTable table = (visits ? visitors : residents)[(int) (client >>> (Long.SIZE - 6))];
    table.lock.lock();
    try {
      // Read under the lock: who was held up must not add what is forgotten to what came since.
      long first = oldest;
      if (slice < first) {
        return Answer.UNAVAILABLE;
      }
      int account = table.find(client, first);
      if (table.held(account, first) >= capacity / PARTS) {
        return Answer.OVER_QUOTA;
      }
      Answer room = takeOfAll(visits);
      if (room == Answer.FIRST) {
        table.count(account, client, slice, first);
      }
      return room;
    } finally {
      table.lock.unlock();
    }
  }

  /** From now on nothing is taken for slices before this one, nor counted. Rises only. */
  void forgetBefore(long slice) {
    oldest = slice;
  }

  /** Gives back what was taken for a slice that is forgotten. */
  void give(int all, int ofVisitors) {
    held.addAndGet(-(ofVisitors * VISITOR + all));
  }

  /** How many clients have an account of their own. */
  int clients() {
    return Stream.of(residents, visitors)
        .flatMap(Arrays::stream)
        .mapToInt(ClientTable::clients)
        .sum();
  }

  private Answer takeOfAll(boolean visits) {
    long taken;
    do {
      taken = held.get();
      if ((int) taken >= capacity) {
        return Answer.UNAVAILABLE;
      }
      if (visits && taken / VISITOR >= capacity / 2) {
        return Answer.OVER_QUOTA;
      }
    } while (!held.compareAndSet(taken, taken + 1 + (visits ? VISITOR : 0)));
    return Answer.FIRST;
  }

  private static ClientTable[] tables() {
    return Stream.generate(ClientTable::new).limit(TABLES).toArray(ClientTable[]::new);
  }
}
