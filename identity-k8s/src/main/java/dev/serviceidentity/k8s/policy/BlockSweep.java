// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the address space at the borders of blocks, in one pass. Of two blocks one lies in the other
 * or they have nothing in common, so that the innermost one around an address tells all of them.
 */
final class BlockSweep {
  private static final int V4_BITS = 96;
  private static final IpAddress BEHIND_V4 = IpAddress.ofV6(0, 1L << 48);

  private final List<Range> ranges = new ArrayList<>();

  /** The blocks around where the pass is, the innermost first. */
  private final Deque<Nested> open = new ArrayDeque<>();

  /**
   * A block, or all addresses of a family.
   *
   * @param bits how many leading bits its addresses share, in the order of both families
   * @param behind the first address behind it, or null if it ends with all addresses
   */
  record Nested(IpAddress first, int bits, @Nullable IpAddress behind) {
    static final Nested ALL_V6 = new Nested(IpAddress.ofV6(0, 0), 0, null);
    static final Nested ALL_V4 = new Nested(IpAddress.ofV4(0), V4_BITS, BEHIND_V4);

    static Nested of(Cidr block) {
      boolean v4 = block.address().family() == IpAddress.Family.IPV4;
      return new Nested(
          block.masked().address(),
          block.prefixLength() + (v4 ? V4_BITS : 0),
          block.behind().orElse(v4 ? BEHIND_V4 : null));
    }

    boolean endsBy(IpAddress address) {
      return behind != null && Blocks.compare(behind, address) <= 0;
    }
  }

  /** Addresses up to the start of the next range. */
  record Range(IpAddress start, Nested innermost) {}

  private BlockSweep() {}

  /** Returns ranges in the order of {@link Blocks}, from its lowest address on. */
  static List<Range> over(Collection<Cidr> blocks) {
    var nested = new ArrayList<>(List.of(Nested.ALL_V6, Nested.ALL_V4));
    blocks.forEach(block -> nested.add(Nested.of(block)));
    // The sort is stable: all addresses of a family stay before a block that is as large.
    nested.sort(
        Comparator.comparing(Nested::first, Blocks::compare).thenComparingInt(Nested::bits));
    var sweep = new BlockSweep();
    nested.forEach(sweep::enter);
    sweep.leaveAll();
    return sweep.ranges;
  }

  private void enter(Nested next) {
    while (!open.isEmpty() && open.element().endsBy(next.first)) {
      leave();
    }
    open.push(next);
    start(next.first);
  }

  private void leaveAll() {
    while (open.element().behind != null) {
      leave();
    }
  }

  private void leave() {
    IpAddress behind = open.pop().behind;
    if (behind != null) {
      start(behind);
    }
  }

  /** What starts or ends at one address makes one range, of what is innermost in the end. */
  private void start(IpAddress address) {
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).start.equals(address)) {
      ranges.remove(last);
    }
    ranges.add(new Range(address, open.element()));
  }
}
