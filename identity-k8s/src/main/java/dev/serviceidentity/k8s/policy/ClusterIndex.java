// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.network.FlowEnd;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what a flow's end stands for, and the policies of each pod. */
final class ClusterIndex {
  private final Map<String, List<CompiledPolicy>> policies;
  private final Map<String, NamespaceFacts> namespaces = new HashMap<>();
  private final Map<String, IndexedPod> pods = new HashMap<>();
  private final AddressBook addresses;
  private final Unowned unowned;

  /** What a flow's end stands for: endpoints, or else a problem. */
  record Meaning(List<Endpoint> endpoints, String problem) {}

  ClusterIndex(ClusterFacts facts, Assumptions assumptions) {
    this.unowned = assumptions.unowned();
    this.policies =
        facts.policies().ofNamespaces().stream()
            .map(policy -> CompiledPolicy.compile(policy, assumptions))
            .collect(Collectors.groupingBy(policy -> policy.facts().namespace()));
    facts.namespaces().forEach(namespace -> namespaces.put(namespace.name(), namespace));
    facts.pods().forEach(pod -> pods.put(pod.displayName(), index(pod)));
    this.addresses =
        new AddressBook(
            facts, pods.values().stream().filter(pod -> pod.facts().isAlive()).toList());
  }

  private IndexedPod index(PodFacts pod) {
    var isolatedBy = new EnumMap<Direction, List<CompiledPolicy>>(Direction.class);
    List<CompiledPolicy> selecting =
        policiesOf(pod.namespace()).stream().filter(policy -> policy.selects(pod)).toList();
    for (Direction direction : Direction.values()) {
      isolatedBy.put(direction, selecting.stream().filter(p -> p.isolatesIn(direction)).toList());
    }
    return new IndexedPod(pod, namespaces.get(pod.namespace()), isolatedBy);
  }

  List<CompiledPolicy> policiesOf(String namespace) {
    return policies.getOrDefault(namespace, List.of());
  }

  @Nullable NamespaceFacts namespace(String name) {
    return namespaces.get(name);
  }

  @Nullable IndexedPod pod(String namespace, String name) {
    return pods.get(namespace + "/" + name);
  }

  AddressOwner ownerOf(IpAddress address) {
    AddressOwner owner = addresses.ownerOf(address);
    boolean assumedOutside =
        owner instanceof AddressOwner.Unknown
            && unowned == Unowned.OUTSIDE
            && !address.isHostLocal()
            && addresses.podsAt(address).isEmpty();
    return assumedOutside ? new AddressOwner.Outside() : owner;
  }

  Meaning meaningOf(FlowEnd end) {
    if (end instanceof FlowEnd.AddressEnd byAddress) {
      return new Meaning(at(IpAddress.of(byAddress.address())), "");
    }
    var byName = (FlowEnd.PodEnd) end;
    IndexedPod pod = pod(byName.namespace(), byName.name());
    if (pod == null) {
      return new Meaning(List.of(), "no pod " + Quote.of(end) + " is known");
    }
    if (!pod.facts().isAlive()) {
      return new Meaning(List.of(), "the pod " + Quote.of(end) + " has ended");
    }
    List<IpAddress> own = pod.facts().placement().addresses();
    return own.isEmpty()
        ? new Meaning(List.of(endpoint(pod, null)), "")
        : new Meaning(own.stream().map(address -> endpoint(pod, address)).toList(), "");
  }

  private Endpoint endpoint(IndexedPod pod, @Nullable IpAddress address) {
    PodFacts facts = pod.facts();
    if (!facts.placement().hostNetwork()) {
      return new Endpoint.OfPod(pod, address);
    }
    String node = facts.pod().node();
    Set<String> nodes = address == null ? Set.of() : addresses.nodesAt(address);
    return new Endpoint.OfNode(
        facts.displayName() + " on the host network",
        node.isEmpty() ? nodes : Set.of(node),
        address);
  }

  private List<Endpoint> at(IpAddress address) {
    AddressOwner owner = ownerOf(address);
    if (owner instanceof AddressOwner.Pods) {
      return addresses.podsAt(address).stream()
          .<Endpoint>map(pod -> new Endpoint.OfPod(pod, address))
          .toList();
    }
    if (owner instanceof AddressOwner.Node node) {
      String name = node.names().isEmpty() ? "a node" : "node " + String.join(", ", node.names());
      return List.of(new Endpoint.OfNode(name, node.names(), address));
    }
    if (owner instanceof AddressOwner.Unknown unknown) {
      boolean blocksDecide = unowned == Unowned.BLOCKS_DECIDE && !address.isHostLocal();
      return List.of(new Endpoint.Unknown(address, unknown.why(), blocksDecide));
    }
    return List.of(new Endpoint.Outside(address));
  }
}
