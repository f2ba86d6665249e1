// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An SRV record (RFC 2782).
 *
 * @param priority the lower is asked first
 * @param weight the share among those of one priority
 * @param kdc where it listens
 */
record SrvRecord(int priority, int weight, KdcAddress kdc) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,5}) ([0-9]{1,5}) ([0-9]{1,5}) (\\S+?)\\.?");

  /** Reads priority, weight, port and target; empty if it is something else, or says no service. */
  static Optional<SrvRecord> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches() || parts.group(4).equals(".")) {
      return Optional.empty();
    }
    try {
      var kdc = new KdcAddress(parts.group(4), Integer.parseInt(parts.group(3)));
      int priority = Integer.parseInt(parts.group(1));
      return Optional.of(new SrvRecord(priority, Integer.parseInt(parts.group(2)), kdc));
    } catch (IllegalArgumentException noHost) {
      return Optional.empty();
    }
  }

  /** By priority, and within one by lot, in which a weight counts as its share. */
  static List<KdcAddress> inOrder(List<SrvRecord> records, RandomGenerator random) {
    var left = new ArrayList<>(records);
    left.sort(Comparator.comparingInt(SrvRecord::priority));
    var order = new ArrayList<KdcAddress>();
    while (!left.isEmpty()) {
      int priority = left.get(0).priority;
      List<SrvRecord> equal = left.stream().filter(r -> r.priority == priority).toList();
      SrvRecord drawn = draw(equal, random);
      left.remove(drawn);
      order.add(drawn.kdc);
    }
    return List.copyOf(order);
  }

  private static SrvRecord draw(List<SrvRecord> equal, RandomGenerator random) {
    // One more than the weight, so that a weight of zero has a small chance too.
    int lot = random.nextInt(equal.stream().mapToInt(r -> r.weight + 1).sum());
    for (SrvRecord record : equal) {
      lot -= record.weight + 1;
      if (lot < 0) {
        return record;
      }
    }
    throw new IllegalStateException("a lot beyond the sum of the weights");
  }
}
