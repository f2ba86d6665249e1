// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives pods and nodes addresses from the ranges that clusters really use (RFC 1918, RFC 4193), so
 * that policies which except these decide as they will in a cluster. Immutable.
 *
 * @param slots the place of each that has been given one; it keeps it while it is there
 * @param next the next place to give
 * @param taken addresses that somebody has without being given them
 */
record AddressPlan(Map<String, Integer> slots, int next, Set<IpAddress> taken) {
  static final AddressPlan EMPTY = new AddressPlan(Map.of(), 1, Set.of());
  private static final int LAST = 0xfffe;

  /** The plan in which somebody has a place whose addresses are free. */
  AddressPlan placing(String who) {
    if (slots.containsKey(who)) {
      return this;
    }
    int slot = next;
    while (slot <= LAST && taken.contains(IpAddress.parse(podV4(slot)))) {
      slot++;
    }
    if (slot > LAST) {
      throw new IllegalStateException("There is no address left for " + who);
    }
    var more = new HashMap<>(slots);
    more.put(who, slot);
    return new AddressPlan(Map.copyOf(more), slot + 1, taken);
  }

  AddressPlan taking(Iterable<IpAddress> addresses) {
    var more = new HashSet<>(taken);
    addresses.forEach(more::add);
    return new AddressPlan(slots, next, Set.copyOf(more));
  }

  List<String> ofPod(String who, boolean dualStack) {
    int slot = slots.getOrDefault(who, 0);
    var all = new ArrayList<>(List.of(podV4(slot)));
    if (dualStack) {
      all.add("fd00:10:244::%x".formatted(slot));
    }
    return all;
  }

  String ofNode(String who) {
    int slot = slots.getOrDefault(who, 0);
    return "172.18.%d.%d".formatted(slot >> 8, slot & 0xff);
  }

  private static String podV4(int slot) {
    return "10.244.%d.%d".formatted(slot >> 8, slot & 0xff);
  }
}
