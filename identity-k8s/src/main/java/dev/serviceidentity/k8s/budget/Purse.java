// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What one kind of callers may cause. Thread-safe. */
final class Purse {
  private static final int CELLS = 4_096;
  private static final int ONE = 1;
  private static final int ALL = 0;

  private final Meter sources;
  private final Meter networks;
  private final Meter groups;
  private final Meter all;
  private final Predicate<IpAddress> ofNetworks;
  private final long seed;

  /** Who is at some addresses is also counted with the others of its /64. */
  Purse(Allowance allowance, Predicate<IpAddress> ofNetworks, long seed) {
    this.sources = new Meter(allowance.perSource(), CELLS);
    this.networks = new Meter(allowance.perNetwork(), CELLS);
    this.groups = new Meter(allowance.perGroup(), CELLS);
    this.all = new Meter(allowance.inAll(), ONE);
    this.ofNetworks = ofNetworks;
    this.seed = seed;
  }

  /** What one payer is counted by: a meter, and a cell of it. */
  private record Count(Meter meter, int hash) {}

  /**
   * The narrowest first, so that one who asks too much does not use up what is for others. Those
   * without an address are a source together with their group.
   */
  private List<Count> counts(Payer payer) {
    IpAddress address = payer.address();
    var counts = new ArrayList<Count>();
    if (!payer.isSomewhere()) {
      counts.add(new Count(sources, Scatter.of(~seed, payer.group())));
    } else {
      counts.add(new Count(sources, Scatter.of(seed, address.high(), address.low())));
      if (ofNetworks.test(address)) {
        counts.add(new Count(networks, Scatter.of(seed, address.high(), 0)));
      }
    }
    if (!payer.group().isEmpty()) {
      counts.add(new Count(groups, Scatter.of(seed, payer.group())));
    }
    counts.add(new Count(all, ALL));
    return counts;
  }

  boolean spend(Payer payer, long now) {
    List<Count> counts = counts(payer);
    for (int i = 0; i < counts.size(); i++) {
      if (!counts.get(i).meter().spend(counts.get(i).hash(), now)) {
        counts.subList(0, i).forEach(each -> each.meter().refund(each.hash()));
        return false;
      }
    }
    return true;
  }

  boolean enter(Payer payer) {
    List<Count> counts = counts(payer);
    for (int i = 0; i < counts.size(); i++) {
      if (!counts.get(i).meter().enter(counts.get(i).hash())) {
        counts.subList(0, i).forEach(each -> each.meter().leave(each.hash()));
        return false;
      }
    }
    return true;
  }

  void leave(Payer payer) {
    counts(payer).forEach(each -> each.meter().leave(each.hash()));
  }
}
