// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.policy.Distinctions;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;

/** The ports that are asked about, in ranges in which every port has the same answer. */
record PortRanges(List<Range> ranges) {

  /** Ports of one protocol between which no policy makes a difference. */
  record Range(PortNumber first, int last) {}

  static PortRanges all(Distinctions distinctions) {
    var ranges = new ArrayList<Range>();
    for (Protocol protocol : Protocol.values()) {
      SortedSet<Integer> starts = distinctions.firstPorts(protocol);
      for (int start : starts) {
        SortedSet<Integer> after = starts.tailSet(start + 1);
        int last = after.isEmpty() ? PortNumber.HIGHEST : after.first() - 1;
        ranges.add(new Range(new PortNumber(start, protocol), last));
      }
    }
    return new PortRanges(ranges);
  }

  static PortRanges of(List<PortNumber> ports) {
    return new PortRanges(
        ports.stream()
            .distinct()
            .sorted(Comparator.comparing(PortNumber::protocol).thenComparingInt(PortNumber::number))
            .map(port -> new Range(port, port.number()))
            .toList());
  }
}
