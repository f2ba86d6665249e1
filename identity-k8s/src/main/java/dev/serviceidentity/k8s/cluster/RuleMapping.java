// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.Peer;
import dev.serviceidentity.k8s.policy.PortRule;
import dev.serviceidentity.k8s.policy.Rule;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps the rules of a policy. Each malformed part becomes one that matches nothing. */
record RuleMapping(Problems problems, SelectorMapping selectors) {

  Rule map(
      Direction direction,
      @Nullable List<NetworkPolicyPeer> writtenPeers,
      @Nullable List<NetworkPolicyPort> writtenPorts,
      FieldPath at) {
    var peers = new ArrayList<Peer>();
    for (NetworkPolicyPeer peer : ModelFields.orEmpty(writtenPeers)) {
      peers.add(peer(peer, at.field(direction.peerField()).index(peers.size())));
    }
    var ports = new ArrayList<PortRule>();
    for (NetworkPolicyPort port : ModelFields.orEmpty(writtenPorts)) {
      FieldPath portAt = at.field("ports").index(ports.size());
      PortRule rule = new PortMapping(problems, portAt).map(port);
      ports.add(problems.errorIn(portAt).<PortRule>map(PortRule.Malformed::new).orElse(rule));
    }
    return problems
        .errorIn(at, at.field(direction.peerField()), at.field("ports"))
        .map(Rule::malformed)
        .orElseGet(() -> new Rule(peers, ports));
  }

  private Peer peer(NetworkPolicyPeer peer, FieldPath at) {
    ModelFields.rejectUnknown(peer.getAdditionalProperties(), at, problems);
    Optional<Peer> mapped =
        peer.getIpBlock() == null ? pods(peer, at) : block(peer, peer.getIpBlock(), at);
    return problems
        .errorIn(at)
        .<Peer>map(Peer.Malformed::new)
        .orElseGet(() -> mapped.orElseGet(() -> new Peer.Malformed("it cannot be read")));
  }

  private Optional<Peer> pods(NetworkPolicyPeer peer, FieldPath at) {
    if (peer.getPodSelector() == null && peer.getNamespaceSelector() == null) {
      problems.errorUnlessExplained(
          at, "needs podSelector, namespaceSelector or ipBlock; it matches nothing");
      return Optional.empty();
    }
    var namespaces =
        peer.getNamespaceSelector() == null
            ? null
            : selectors.map(peer.getNamespaceSelector(), at.field("namespaceSelector"));
    var pods =
        peer.getPodSelector() == null
            ? null
            : selectors.map(peer.getPodSelector(), at.field("podSelector"));
    return Optional.of(new Peer.Pods(namespaces, pods));
  }

  private Optional<Peer> block(NetworkPolicyPeer peer, IPBlock block, FieldPath at) {
    FieldPath blockAt = at.field("ipBlock");
    ModelFields.rejectUnknown(block.getAdditionalProperties(), blockAt, problems);
    if (peer.getPodSelector() != null || peer.getNamespaceSelector() != null) {
      problems.error(
          blockAt, "excludes podSelector and namespaceSelector; make it a peer of its own");
      return Optional.empty();
    }
    Optional<Cidr> outer = new CidrMapping(problems).map(block.getCidr(), blockAt.field("cidr"));
    var holes = new ArrayList<Cidr>();
    List<String> except = ModelFields.orEmpty(block.getExcept());
    for (int i = 0; i < except.size() && outer.isPresent(); i++) {
      hole(except.get(i), outer.get(), blockAt.field("except").index(i)).ifPresent(holes::add);
    }
    return outer.map(cidr -> new Peer.Block(cidr, holes));
  }

  private Optional<Cidr> hole(@Nullable String text, Cidr outer, FieldPath at) {
    Optional<Cidr> hole = new CidrMapping(problems).map(text, at);
    if (hole.isPresent() && !hole.get().isStrictlyWithin(outer)) {
      problems.error(at, "must be a smaller block within " + outer);
    }
    return hole;
  }
}
