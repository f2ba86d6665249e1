// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

  private static final IpAddress LOWEST = IpAddress.ofV6(0, 0);
  private static final IpAddress FIRST_V4 = IpAddress.ofV4(0);
  private static final IpAddress BEHIND_V4 = IpAddress.ofV6(0, 1L << 48);

  private final long[] highs;
  private final long[] lows;
  private final int[] numbers;

  /** An address of each number. */
  private final List<IpAddress> examples;

  private final BlockTree tree;

  private Blocks(long[] highs, long[] lows, int[] numbers, List<IpAddress> examples) {
    this.highs = highs;
    this.lows = lows;
    this.numbers = numbers;
    this.examples = List.copyOf(examples);
    this.tree = new BlockTree(this);
  }

  static Blocks of(Set<Cidr> blocks) {
    var borders = new TreeSet<IpAddress>(Blocks::compare);
    borders.addAll(List.of(LOWEST, FIRST_V4, BEHIND_V4));
    for (Cidr block : blocks) {
      borders.add(block.masked().address());
      block.behind().ifPresent(borders::add);
    }
    List<Cidr> listed = List.copyOf(blocks);
    var known = new HashMap<BitSet, Integer>();
    long[] highs = new long[borders.size()];
    long[] lows = new long[borders.size()];
    int[] numbers = new int[borders.size()];
    var examples = new ArrayList<IpAddress>();
    int i = 0;
    for (IpAddress border : borders) {
      highs[i] = border.high();
      lows[i] = orderedLow(border);
      numbers[i] = number(known, listed, border);
      if (numbers[i] == examples.size()) {
        examples.add(border);
      }
      i++;
    }
    return new Blocks(highs, lows, numbers, examples);
  }

  private static int number(Map<BitSet, Integer> known, List<Cidr> blocks, IpAddress first) {
    var around = new BitSet(blocks.size() + 1);
    around.set(blocks.size(), first.family() == IpAddress.Family.IPV4);
    for (int i = 0; i < blocks.size(); i++) {
      around.set(i, blocks.get(i).contains(first));
    }
    return known.computeIfAbsent(around, a -> known.size());
  }

  static long orderedLow(IpAddress address) {
    return address.family() == IpAddress.Family.IPV4 ? V4 | address.low() : address.low();
  }

  static boolean isV4(long high, long orderedLow) {
    return high == 0 && orderedLow >>> 32 == V4 >>> 32;
  }

  private static int compare(IpAddress one, IpAddress other) {
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
