// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An index over the ranges of {@link Blocks} by the first bytes of an address: one step a byte, so
 * that it does not matter how many ranges there are. It is bounded; where it ends too early, the
 * ranges are searched.
 */
final class BlockTree {
  /** What is found of an address whose range has to be searched for. */
  static final int UNDECIDED = Integer.MIN_VALUE;

  private static final int WIDTH = 256;
  private static final int MOST_NODES = 4096;
  private static final int V6_ROOT = 0;
  private static final int V4_ROOT = 1;
  private static final Prefix V4 = new Prefix(0, Blocks.V4, 96);

  /** For each node, by the next byte: a number, or the complement of the node to go on with. */
  private final int[] next;

  /** An address with all bits behind the first few zero. */
  private record Prefix(long high, long low, int bits) {
    Prefix plus(int nextByte) {
      int behind = bits + Byte.SIZE;
      return behind <= Long.SIZE
          ? new Prefix(high | (long) nextByte << (Long.SIZE - behind), low, behind)
          : new Prefix(high, low | (long) nextByte << (2 * Long.SIZE - behind), behind);
    }

    long lastHigh() {
      return bits < Long.SIZE ? high | (-1L >>> bits) : high;
    }

    long lastLow() {
      return bits <= Long.SIZE ? -1L : bits == 2 * Long.SIZE ? low : low | (-1L >>> bits);
    }
  }

  /** Ranges in the order of {@link Blocks}, each from where it starts to where the next does. */
  interface Ranges {
    /** The number of the range that an address is in. */
    int number(int range);

    int rangeOf(long high, long orderedLow);

    /** Whether a range, if there is one of that index, starts at or before an address. */
    boolean startsBy(int range, long high, long orderedLow);
  }

  BlockTree(Ranges ranges) {
    var nodes = new ArrayList<>(List.of(new Prefix(0, 0, 0), V4));
    int[] table = new int[nodes.size() * WIDTH];
    for (int i = 0; i < nodes.size(); i++) {
      if (i * WIDTH == table.length) {
        table = Arrays.copyOf(table, 2 * table.length);
      }
      fill(table, i, nodes, ranges);
    }
    this.next = Arrays.copyOf(table, nodes.size() * WIDTH);
  }

  private static void fill(int[] table, int node, List<Prefix> nodes, Ranges ranges) {
    Prefix prefix = nodes.get(node);
    int range = ranges.rangeOf(prefix.high, prefix.low);
    for (int i = 0; i < WIDTH; i++) {
      Prefix longer = prefix.plus(i);
      while (ranges.startsBy(range + 1, longer.high, longer.low)) {
        range++;
      }
      int found = UNDECIDED;
      if (!ranges.startsBy(range + 1, longer.lastHigh(), longer.lastLow())) {
        found = ranges.number(range);
      } else if (nodes.size() < MOST_NODES && !longer.equals(V4)) {
        found = ~nodes.size();
        nodes.add(longer);
      }
      table[node * WIDTH + i] = found;
    }
  }

  int numberOf(long high, long orderedLow) {
    if (Blocks.isV4(high, orderedLow)) {
      return walk(~V4_ROOT, orderedLow << Integer.SIZE);
    }
    int found = walk(~V6_ROOT, high);
    return found < 0 ? walk(found, orderedLow) : found;
  }

  private int walk(int from, long bits) {
    int at = from;
    for (int shift = Long.SIZE - Byte.SIZE;
        at < 0 && at != UNDECIDED && shift >= 0;
        shift -= Byte.SIZE) {
      at = next[~at * WIDTH + (int) ((bits >>> shift) & (WIDTH - 1))];
    }
    return at;
  }
}
