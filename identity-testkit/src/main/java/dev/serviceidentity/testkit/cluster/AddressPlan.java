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
import java.util.stream.Stream;

/**
 * Gives pods and nodes addresses from the ranges that clusters really use (RFC 1918, RFC 4193), so
 * that policies which except these decide as they will in a cluster. Immutable.
 *
 * @param slots the place of each that has been given one; nobody else gets it, also after its owner
 *     is deleted, and an owner that comes again has it again
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
    while (slot <= LAST && !isFree(slot)) {
      slot++;
    }
    if (slot > LAST) {
      throw new IllegalStateException("There is no address left for " + who);
    }
    var more = new HashMap<>(slots);
    more.put(who, slot);
    return new AddressPlan(Map.copyOf(more), slot + 1, taken);
  }

  /** A place is free in all its spellings, because it is not known yet which its owner will use. */
  private boolean isFree(int slot) {
    return Stream.of(podV4(slot), podV6(slot), nodeV4(slot))
        .map(IpAddress::parse)
        .noneMatch(taken::contains);
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
      all.add(podV6(slot));
    }
    return all;
  }

  String ofNode(String who) {
    return nodeV4(slots.getOrDefault(who, 0));
  }

  private static String podV4(int slot) {
    return "10.244.%d.%d".formatted(slot >> 8, slot & 0xff);
  }

  private static String podV6(int slot) {
    return "fd00:10:244::%x".formatted(slot);
  }

  private static String nodeV4(int slot) {
    return "172.18.%d.%d".formatted(slot >> 8, slot & 0xff);
  }
}
