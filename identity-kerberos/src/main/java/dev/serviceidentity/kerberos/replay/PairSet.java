// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

/** A set of pairs of longs that only grows, in one array. Not thread-safe. */
final class PairSet {
  private static final int SMALLEST = 16;

  private long[] table = new long[2 * SMALLEST];
  private int size;

  /**
   * Adds a pair that is not zero.
   *
   * @param hash where it belongs; the same for the same pair, and not to be foreseen by a sender
   */
  boolean add(long high, long low, long hash) {
    int slot = slot(table, high, low, hash);
    if (isTaken(table, slot)) {
      return false;
    }
    put(table, slot, high, low);
    size++;
    return true;
  }

  boolean contains(long high, long low, long hash) {
    return isTaken(table, slot(table, high, low, hash));
  }

  int size() {
    return size;
  }

  /** Whether it must be given a larger table before the next pair is added. */
  boolean isCrowded() {
    return size * 4 > table.length / 2 * 3;
  }

  /** Doubles the table. */
  void grow(PairHash hash) {
    long[] larger = new long[table.length * 2];
    for (int i = 0; i < table.length / 2; i++) {
      if (isTaken(table, i)) {
        long high = table[2 * i];
        long low = table[2 * i + 1];
        put(larger, slot(larger, high, low, hash.of(high, low)), high, low);
      }
    }
    table = larger;
  }

  private static int slot(long[] table, long high, long low, long hash) {
    int mask = table.length / 2 - 1;
    int slot = (int) hash & mask;
    while (isTaken(table, slot) && (table[2 * slot] != high || table[2 * slot + 1] != low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static boolean isTaken(long[] table, int slot) {
    return (table[2 * slot] | table[2 * slot + 1]) != 0;
  }

  private static void put(long[] table, int slot, long high, long low) {
    table[2 * slot] = high;
    table[2 * slot + 1] = low;
  }
}
