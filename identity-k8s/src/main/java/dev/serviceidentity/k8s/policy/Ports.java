// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;

/** Ports of any protocols, as the fewest ranges of places of a {@link Line}. Never changes. */
final class Ports {
  static final Ports ALL = of(PortRule.Range.everyProtocol());

  /** For each range its first place above its last, which is the order of the ranges as well. */
  private final long[] ranges;

  private Ports(long[] ranges) {
    this.ranges = ranges;
  }

  /** Ranges that overlap or touch become one. */
  static Ports of(Collection<PortRule.Range> ranges) {
    return joined(ranges.stream().mapToLong(Ports::packed));
  }

  /** These and more. */
  Ports plus(List<PortRule.Range> more) {
    return more.isEmpty()
        ? this
        : joined(LongStream.concat(Arrays.stream(ranges), more.stream().mapToLong(Ports::packed)));
  }

  private static Ports joined(LongStream unordered) {
    long[] sorted = unordered.sorted().toArray();
    int count = 0;
    for (long range : sorted) {
      if (count > 0 && first(range) <= Line.placeBehind(last(sorted[count - 1]))) {
        int last = Math.max(last(sorted[count - 1]), last(range));
        sorted[count - 1] = packed(first(sorted[count - 1]), last);
      } else {
        sorted[count++] = range;
      }
    }
    return new Ports(Arrays.copyOf(sorted, count));
  }

  private static long packed(PortRule.Range range) {
    return packed(
        Line.place(range.protocol(), range.first()), Line.place(range.protocol(), range.last()));
  }

  private static long packed(int first, int last) {
    return (long) first << Integer.SIZE | last;
  }

  private static int first(long range) {
    return (int) (range >>> Integer.SIZE);
  }

  private static int last(long range) {
    return (int) range;
  }

  boolean contains(int place) {
    int found = Arrays.binarySearch(ranges, packed(place, Integer.MAX_VALUE));
    int before = -found - 2;
    return before >= 0 && place <= last(ranges[before]);
  }

  /** Each place at which a range starts, and each first one behind a range. */
  void forEachBorder(IntConsumer consumer) {
    for (long range : ranges) {
      consumer.accept(first(range));
      consumer.accept(Line.placeBehind(last(range)));
    }
  }

  int ranges() {
    return ranges.length;
  }
}
