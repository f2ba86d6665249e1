// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who claims which address. Pods that have ended claim none: their address is given out again.
 * Never changes; a pod more or less makes a new book that shares most with the old one.
 */
record AddressBook(Ends ends, Pages<Spot> spots) {

  /** An address with what it stands for; the only party is null where several pods claim it. */
  record Spot(@Nullable Party only, List<Party> parties, Claim claim) {}

  static AddressBook of(Ends ends, List<NodeFacts> nodes, List<IndexedPod> pods) {
    var draft = new HashMap<IpAddress, Draft>();
    for (NodeFacts node : nodes) {
      node.addresses().forEach(a -> Draft.at(draft, a).nodes.merge(node.name(), 1, Integer::sum));
    }
    for (IndexedPod pod : pods) {
      String node = pod.facts().pod().node();
      ownAddresses(pod).forEach(a -> Draft.at(draft, a).pods.add(pod));
      nodeAddresses(pod).forEach(a -> Draft.at(draft, a).nodes.merge(node, 1, Integer::sum));
    }
    var spots = new Pages.Builder<Spot>(draft.size());
    draft.forEach(
        (address, each) ->
            spots.put(
                address.high(),
                Blocks.orderedLow(address),
                spot(ends, address, Claim.of(each.pods, each.nodes))));
    return new AddressBook(ends, spots.build());
  }

  private record Draft(List<IndexedPod> pods, Map<String, Integer> nodes) {
    static Draft at(Map<IpAddress, Draft> draft, IpAddress address) {
      return draft.computeIfAbsent(address, a -> new Draft(new ArrayList<>(1), new HashMap<>(2)));
    }
  }

  private static List<IpAddress> ownAddresses(IndexedPod pod) {
    PodFacts.Placement placement = pod.facts().placement();
    return pod.facts().isAlive() && !placement.hostNetwork() ? placement.addresses() : List.of();
  }

  private static List<IpAddress> nodeAddresses(IndexedPod pod) {
    PodFacts.Placement placement = pod.facts().placement();
    if (!pod.facts().isAlive()) {
      return List.of();
    }
    var all = new ArrayList<>(placement.nodeAddresses());
    if (placement.hostNetwork()) {
      all.addAll(placement.addresses());
    }
    return all;
  }

  AddressBook plus(IndexedPod pod) {
    String node = pod.facts().pod().node();
    AddressBook book = this;
    for (IpAddress address : ownAddresses(pod)) {
      book = book.with(address, claim -> claim.plus(pod));
    }
    for (IpAddress address : nodeAddresses(pod)) {
      book = book.with(address, claim -> claim.plus(node, 1));
    }
    return book;
  }

  AddressBook minus(IndexedPod pod) {
    String node = pod.facts().pod().node();
    AddressBook book = this;
    for (IpAddress address : ownAddresses(pod)) {
      book = book.with(address, claim -> claim.minus(pod));
    }
    for (IpAddress address : nodeAddresses(pod)) {
      book = book.with(address, claim -> claim.plus(node, -1));
    }
    return book;
  }

  private AddressBook with(IpAddress address, UnaryOperator<Claim> change) {
    Claim changed = change.apply(claim(address));
    Spot spot = changed.isNobodys() ? null : spot(ends, address, changed);
    return new AddressBook(ends, spots.with(address.high(), Blocks.orderedLow(address), spot));
  }

  private static Spot spot(Ends ends, IpAddress address, Claim claim) {
    List<Party> parties = ends.at(address, claim);
    return new Spot(parties.size() == 1 ? parties.get(0) : null, parties, claim);
  }

  Claim claim(IpAddress address) {
    Spot spot = spots.get(address.high(), Blocks.orderedLow(address));
    return spot == null ? Claim.NOBODY : spot.claim;
  }

  AddressOwner ownerOf(IpAddress address) {
    return ends.ownerOf(address, claim(address));
  }

  /** A pod at one of its own addresses. */
  Party at(IpAddress address, IndexedPod pod) {
    for (Party party : at(address)) {
      if (isOf(party, pod)) {
        return party;
      }
    }
    return ends.of(pod, address, claim(address).nodeNames());
  }

  /** There is one object for each pod of a book. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isOf(Party party, IndexedPod pod) {
    return party.pod() == pod;
  }

  List<Party> at(IpAddress address) {
    Spot spot = spots.get(address.high(), Blocks.orderedLow(address));
    return spot == null ? ends.at(address, Claim.NOBODY) : spot.parties;
  }

  /** The only party at an address, or null if there are several. Makes nothing. */
  @Nullable Party onlyAt(long high, long orderedLow) {
    Spot spot = spots.get(high, orderedLow);
    return spot == null ? ends.unclaimed(high, orderedLow) : spot.only;
  }
}
