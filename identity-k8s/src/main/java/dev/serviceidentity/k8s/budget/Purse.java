// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import dev.serviceidentity.k8s.policy.IpAddress;

/** What one kind of callers may cause. Thread-safe. */
final class Purse {
  private static final int CELLS = 4_096;
  private static final int ONE = 1;
  private static final int ALL = 0;

  private final Meter sources;
  private final Meter groups;
  private final Meter all;
  private final boolean wholeNetworks;
  private final long seed;

  /** Of strangers a /64 of IPv6 counts as one source. */
  Purse(Allowance allowance, boolean wholeNetworks, long seed) {
    this.sources = new Meter(allowance.perSource(), CELLS);
    this.groups = new Meter(allowance.perGroup(), CELLS);
    this.all = new Meter(allowance.inAll(), ONE);
    this.wholeNetworks = wholeNetworks;
    this.seed = seed;
  }

  private int source(Payer payer) {
    IpAddress address = payer.address();
    boolean isNetwork = wholeNetworks && address.family() == IpAddress.Family.IPV6;
    return Scatter.of(seed, address.high(), isNetwork ? 0 : address.low());
  }

  private int group(Payer payer) {
    return Scatter.of(seed, payer.group());
  }

  /** The narrowest first, so that one who asks too much does not use up what is for others. */
  boolean spend(Payer payer, long now) {
    int source = source(payer);
    if (!sources.spend(source, now)) {
      return false;
    }
    int group = group(payer);
    boolean isGrouped = !payer.group().isEmpty();
    if (isGrouped && !groups.spend(group, now)) {
      sources.refund(source);
      return false;
    }
    if (all.spend(ALL, now)) {
      return true;
    }
    sources.refund(source);
    if (isGrouped) {
      groups.refund(group);
    }
    return false;
  }

  boolean enter(Payer payer) {
    int source = source(payer);
    if (!sources.enter(source)) {
      return false;
    }
    int group = group(payer);
    boolean isGrouped = !payer.group().isEmpty();
    if (isGrouped && !groups.enter(group)) {
      sources.leave(source);
      return false;
    }
    if (all.enter(ALL)) {
      return true;
    }
    sources.leave(source);
    if (isGrouped) {
      groups.leave(group);
    }
    return false;
  }

  void leave(Payer payer) {
    sources.leave(source(payer));
    if (!payer.group().isEmpty()) {
      groups.leave(group(payer));
    }
    all.leave(ALL);
  }
}
