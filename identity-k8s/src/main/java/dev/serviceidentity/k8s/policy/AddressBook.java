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

/** Who owns which address. Pods that have ended own none: their address is given out again. */
final class AddressBook {
  private final Map<IpAddress, List<IndexedPod>> pods = new HashMap<>();
  private final Map<IpAddress, Set<String>> nodes = new HashMap<>();
  private final Optional<String> gap;

  AddressBook(ClusterFacts facts, Iterable<IndexedPod> alive) {
    this.gap = facts.gaps().owners().stream().findFirst();
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

  AddressOwner ownerOf(IpAddress address) {
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
    return gap.<AddressOwner>map(AddressOwner.Unknown::new).orElseGet(AddressOwner.Outside::new);
  }
}
