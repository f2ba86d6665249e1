// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The address space cut into ranges at the borders of all blocks of all policies. Ranges that lie
 * in the same blocks have the same number, so that two addresses of one number are the same to
 * every policy.
 *
 * <p>Both families are in one order, in which an IPv4 address is where its IPv4-mapped form is; a
 * border around those keeps the families apart.
 */
final class Blocks implements BlockTree.Ranges {
  /** What stands above the 32 bits of an IPv4 address in its IPv4-mapped form. */
  static final long V4 = 0xffff_0000_0000L;

  private final long[] highs;
  private final long[] lows;
  private final int[] numbers;

  /** An address of each number. */
  private final List<IpAddress> examples;

  private final BlockTree tree;

  private Blocks(List<BlockSweep.Range> ranges) {
    this.highs = new long[ranges.size()];
    this.lows = new long[ranges.size()];
    this.numbers = new int[ranges.size()];
    var known = new IdentityHashMap<BlockSweep.Nested, Integer>();
    var first = new ArrayList<IpAddress>();
    for (int i = 0; i < ranges.size(); i++) {
      BlockSweep.Range range = ranges.get(i);
      highs[i] = range.start().high();
      lows[i] = orderedLow(range.start());
      numbers[i] = known.computeIfAbsent(range.innermost(), nested -> known.size());
      if (numbers[i] == first.size()) {
        first.add(range.start());
      }
    }
    this.examples = List.copyOf(first);
    this.tree = new BlockTree(this);
  }

  static Blocks of(Set<Cidr> blocks) {
    return new Blocks(BlockSweep.over(blocks));
  }

  static long orderedLow(IpAddress address) {
    return address.family() == IpAddress.Family.IPV4 ? V4 | address.low() : address.low();
  }

  static boolean isV4(long high, long orderedLow) {
    return high == 0 && orderedLow >>> 32 == V4 >>> 32;
  }

  static int compare(IpAddress one, IpAddress other) {
    int byHigh = Long.compareUnsigned(one.high(), other.high());
    return byHigh == 0 ? Long.compareUnsigned(orderedLow(one), orderedLow(other)) : byHigh;
  }

  /** One address for each number, in the order of the numbers. */
  List<IpAddress> examples() {
    return examples;
  }

  int numberOf(IpAddress address) {
    return numberOf(address.high(), orderedLow(address));
  }

  /** The number of the last range that starts at or before an address in that order. */
  int numberOf(long high, long orderedLow) {
    int number = tree.numberOf(high, orderedLow);
    return number == BlockTree.UNDECIDED ? number(rangeOf(high, orderedLow)) : number;
  }

  @Override
  public int number(int range) {
    return numbers[range];
  }

  @Override
  public int rangeOf(long high, long orderedLow) {
    int from = 0;
    int behind = highs.length;
    while (behind - from > 1) {
      int middle = (from + behind) >>> 1;
      if (startsBy(middle, high, orderedLow)) {
        from = middle;
      } else {
        behind = middle;
      }
    }
    return from;
  }

  @Override
  public boolean startsBy(int range, long high, long orderedLow) {
    if (range == highs.length) {
      return false;
    }
    int order = Long.compareUnsigned(highs[range], high);
    return order < 0 || (order == 0 && Long.compareUnsigned(lows[range], orderedLow) <= 0);
  }
}
