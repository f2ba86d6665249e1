// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The claims on all addresses while a cluster is compiled. */
final class ClaimDraft {
  private final Map<IpAddress, Parts> parts = new HashMap<>();

  private static final class Parts {
    private final List<IndexedPod> pods = new ArrayList<>(1);
    private final Map<String, Integer> nodes = new HashMap<>(2);
    private Claim.Unknowns unknown = Claim.Unknowns.NONE;
  }

  private Parts at(IpAddress address) {
    return parts.computeIfAbsent(address, a -> new Parts());
  }

  private void addNode(IpAddress address, String name) {
    at(address).nodes.merge(name, 1, Integer::sum);
  }

  void add(NodeFacts node) {
    node.addresses().forEach(address -> addNode(address, node.name()));
  }

  void add(IndexedPod pod) {
    String node = pod.facts().pod().node();
    AddressBook.ownAddresses(pod.facts()).forEach(address -> at(address).pods.add(pod));
    AddressBook.nodeAddresses(pod.facts()).forEach(address -> addNode(address, node));
  }

  void add(UnknownOwner owner) {
    PodFacts.Placement placement = owner.placement();
    if (placement == null) {
      return;
    }
    for (IpAddress address : AddressBook.nodeAddresses(placement)) {
      Parts claimed = at(address);
      claimed.unknown = new Claim.Unknowns(claimed.unknown.rival(), true);
    }
    if (!placement.hostNetwork()) {
      for (IpAddress address : placement.addresses()) {
        Parts claimed = at(address);
        UnknownOwner first = claimed.unknown.rival() == null ? owner : claimed.unknown.rival();
        claimed.unknown = new Claim.Unknowns(first, claimed.unknown.node());
      }
    }
  }

  Map<IpAddress, Claim> claims() {
    var claims = new HashMap<IpAddress, Claim>();
    parts.forEach(
        (address, each) -> claims.put(address, Claim.of(each.pods, each.nodes, each.unknown)));
    return claims;
  }
}
