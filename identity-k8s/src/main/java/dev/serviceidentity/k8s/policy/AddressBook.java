// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who owns which address. Pods that have ended own none: their address is given out again. What an
 * unknown owner claims is nobody's.
 */
final class AddressBook {
  private final Map<IpAddress, List<IndexedPod>> pods = new HashMap<>();
  private final Map<IpAddress, Set<String>> nodes = new HashMap<>();
  private final Map<IpAddress, UnknownOwner> contested = new HashMap<>();
  private final Optional<UnknownOwner> ofAnything;
  private final Optional<UnknownOwner> ofUnclaimed;

  AddressBook(ClusterFacts facts, Iterable<IndexedPod> alive) {
    List<UnknownOwner> unknown = facts.gaps().owners();
    this.ofAnything = unknown.stream().filter(owner -> owner.placement() == null).findFirst();
    this.ofUnclaimed = unknown.stream().findFirst();
    unknown.forEach(this::add);
    for (NodeFacts node : facts.nodes()) {
      node.addresses().forEach(address -> addNode(address, node.name()));
    }
    alive.forEach(this::add);
  }

  private void add(IndexedPod pod) {
    PodFacts.Placement placement = pod.facts().placement();
    String node = pod.facts().pod().node();
    placement.nodeAddresses().forEach(address -> addNode(address, node));
    for (IpAddress address : placement.addresses()) {
      if (placement.hostNetwork()) {
        addNode(address, node);
      } else {
        pods.computeIfAbsent(address, a -> new ArrayList<>()).add(pod);
      }
    }
  }

  private void add(UnknownOwner owner) {
    PodFacts.Placement placement = owner.placement();
    if (placement == null) {
      return;
    }
    placement.nodeAddresses().forEach(address -> addNode(address, ""));
    for (IpAddress address : placement.addresses()) {
      if (placement.hostNetwork()) {
        addNode(address, "");
      } else {
        contested.putIfAbsent(address, owner);
      }
    }
  }

  private void addNode(IpAddress address, String name) {
    Set<String> names = nodes.computeIfAbsent(address, a -> new TreeSet<>());
    if (!name.isEmpty()) {
      names.add(name);
    }
  }

  List<IndexedPod> podsAt(IpAddress address) {
    return pods.getOrDefault(address, List.of());
  }

  /** The nodes that claim an address; empty also where a node does whose name is not known. */
  Set<String> nodesAt(IpAddress address) {
    return nodes.getOrDefault(address, Set.of());
  }

  /** Whether anybody is known to claim an address, if only as one of several. */
  boolean isClaimed(IpAddress address) {
    return pods.containsKey(address)
        || nodes.containsKey(address)
        || contested.containsKey(address);
  }

  AddressOwner ownerOf(IpAddress address) {
    Optional<UnknownOwner> rival = Optional.ofNullable(contested.get(address)).or(() -> ofAnything);
    if (rival.isPresent()) {
      return new AddressOwner.Unknown(rival.get().why());
    }
    List<IndexedPod> owners = podsAt(address);
    boolean node = nodes.containsKey(address);
    if (node && !owners.isEmpty()) {
      return new AddressOwner.Unknown(
          "both a node and " + owners.get(0).facts().displayName() + " claim it");
    }
    if (node) {
      return new AddressOwner.Node(nodesAt(address));
    }
    if (!owners.isEmpty()) {
      return new AddressOwner.Pods(owners.stream().map(IndexedPod::facts).toList());
    }
    if (address.isHostLocal()) {
      return new AddressOwner.Unknown("a loopback or link-local address is anybody's");
    }
    return ofUnclaimed
        .<AddressOwner>map(owner -> new AddressOwner.Unknown(owner.why()))
        .orElseGet(AddressOwner.Outside::new);
  }
}
