// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who claims which address. Pods that have ended claim none: their address is given out again.
 * Never changes; a pod more or less makes a new book that shares most with the old one.
 *
 * @param unplaced the living pods of which no address is known
 * @param unclaimed what all addresses without a spot stand for
 */
record AddressBook(Ends ends, Pages<Spot> spots, PodIndex unplaced, Ends.Unclaimed unclaimed) {

  /** An address with what it stands for; the only party is null where several pods claim it. */
  record Spot(long high, long low, @Nullable Party only, List<Party> parties, Claim claim)
      implements Pages.Keyed {

    static Spot of(Ends ends, IpAddress address, Claim claim) {
      List<Party> parties = ends.at(address, claim);
      Party only = parties.size() == 1 ? parties.get(0) : null;
      return new Spot(address.high(), Blocks.orderedLow(address), only, parties, claim);
    }
  }

  static AddressBook of(Ends ends, Map<IpAddress, Claim> claims, List<IndexedPod> pods) {
    var spots = new Pages.Builder<Spot>(claims.size());
    claims.forEach((address, claim) -> spots.put(Spot.of(ends, address, claim)));
    return of(
        ends, spots.build(), PodIndex.of(pods.stream().filter(AddressBook::isUnplaced).toList()));
  }

  private static AddressBook of(Ends ends, Pages<Spot> spots, PodIndex unplaced) {
    return new AddressBook(ends, spots, unplaced, ends.unclaimed(kind(unplaced)));
  }

  private static Ends.Unplaced kind(PodIndex unplaced) {
    if (unplaced.isEmpty()) {
      return Ends.Unplaced.NONE;
    }
    var onNodes = new ArrayList<IndexedPod>();
    unplaced.forEach(
        pod -> {
          if (pod.facts().placement().hostNetwork()) {
            onNodes.add(pod);
          }
        });
    return onNodes.isEmpty() ? Ends.Unplaced.PODS : Ends.Unplaced.SOME_ON_NODES;
  }

  private static boolean isUnplaced(IndexedPod pod) {
    return pod.facts().isAlive() && pod.facts().placement().addresses().isEmpty();
  }

  static List<IpAddress> ownAddresses(PodFacts pod) {
    PodFacts.Placement placement = pod.placement();
    return pod.isAlive() && !placement.hostNetwork() ? placement.addresses() : List.of();
  }

  static List<IpAddress> nodeAddresses(PodFacts pod) {
    return pod.isAlive() ? nodeAddresses(pod.placement()) : List.of();
  }

  static List<IpAddress> nodeAddresses(PodFacts.Placement placement) {
    var all = new ArrayList<>(placement.nodeAddresses());
    if (placement.hostNetwork()) {
      all.addAll(placement.addresses());
    }
    return all;
  }

  AddressBook plus(IndexedPod pod) {
    AddressBook book = changed(pod, claim -> claim.plus(pod), 1);
    return isUnplaced(pod) ? of(ends, book.spots, unplaced.plus(pod)) : book;
  }

  AddressBook minus(IndexedPod pod) {
    AddressBook book = changed(pod, claim -> claim.minus(pod), -1);
    PodFacts facts = pod.facts();
    return isUnplaced(pod)
        ? of(ends, book.spots, unplaced.minus(facts.namespace(), facts.pod().name()))
        : book;
  }

  private AddressBook changed(IndexedPod pod, UnaryOperator<Claim> ofPod, int timesOfNode) {
    String node = pod.facts().pod().node();
    AddressBook book = this;
    for (IpAddress address : ownAddresses(pod.facts())) {
      book = book.with(address, ofPod);
    }
    for (IpAddress address : nodeAddresses(pod.facts())) {
      book = book.with(address, claim -> claim.plus(node, timesOfNode));
    }
    return book;
  }

  private AddressBook with(IpAddress address, UnaryOperator<Claim> change) {
    Claim changed = change.apply(claim(address));
    return new AddressBook(
        ends,
        changed.isNobodys()
            ? spots.without(address.high(), Blocks.orderedLow(address))
            : spots.with(Spot.of(ends, address, changed)),
        unplaced,
        unclaimed);
  }

  private @Nullable Spot spot(IpAddress address) {
    return spots.get(address.high(), Blocks.orderedLow(address));
  }

  Claim claim(IpAddress address) {
    Spot spot = spot(address);
    return spot == null ? Claim.NOBODY : spot.claim;
  }

  AddressOwner ownerOf(IpAddress address) {
    Spot spot = spot(address);
    return spot == null
        ? ends.unclaimedOwner(address, anyUnplaced(address))
        : ends.ownerOf(spot.claim);
  }

  /** The first by name that may have an address, so that equal clusters are explained alike. */
  private Optional<UnknownOwner> anyUnplaced(IpAddress address) {
    var names = new TreeSet<String>();
    boolean isWherePodsAre = ends.isWherePodsAre(address);
    unplaced.forEach(
        pod -> {
          if (isWherePodsAre || pod.facts().placement().hostNetwork()) {
            names.add(pod.facts().displayName());
          }
        });
    return names.stream()
        .findFirst()
        .map(name -> new UnknownOwner("the pod " + name + ", whose address is not known,", null));
  }

  /** A pod by name, which stands for each of its addresses. */
  List<Party> partiesOf(IndexedPod pod) {
    PodFacts facts = pod.facts();
    boolean isPlaced = !facts.placement().hostNetwork() || !facts.pod().node().isEmpty();
    return isPlaced || !facts.isAlive() ? pod.parties() : onSomeNode(pod);
  }

  /** On the network of a node that is only known by who else claims the address. */
  private List<Party> onSomeNode(IndexedPod pod) {
    return pod.parties().stream()
        .map(Party::end)
        .map(end -> ends.of(pod.onNodes(nodesAt(end.address()), end.address())))
        .toList();
  }

  private Nodes nodesAt(@Nullable IpAddress address) {
    return address == null ? Nodes.UNKNOWN : claim(address).onNodes();
  }

  List<Party> at(IpAddress address) {
    Spot spot = spot(address);
    return spot == null ? ends.unclaimed(address, anyUnplaced(address)) : spot.parties;
  }

  /** Parties that decide like those at an address. Makes nothing. */
  List<Party> alike(long high, long orderedLow) {
    Spot spot = spots.get(high, orderedLow);
    return spot == null ? unclaimed.at(high, orderedLow) : spot.parties;
  }

  /** The only party at an address, or null if there are several. Makes nothing. */
  @Nullable Party onlyAt(long high, long orderedLow) {
    Spot spot = spots.get(high, orderedLow);
    return spot == null ? unclaimed.at(high, orderedLow).get(0) : spot.only;
  }
}
