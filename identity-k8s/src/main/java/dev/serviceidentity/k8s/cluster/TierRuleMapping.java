// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.Peer;
import dev.serviceidentity.k8s.policy.PortRule;
import dev.serviceidentity.k8s.policy.Rule;
import dev.serviceidentity.k8s.policy.TierRule;
import dev.serviceidentity.k8s.policy.TierRule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Maps one rule of a cluster-wide policy; one that is not understood fails closed as a whole. */
record TierRuleMapping(ClusterPolicyDialect dialect, Direction direction, SubjectMapping subjects) {
  private static final String NETWORKS = "networks";
  private static final List<String> INGRESS_PEERS =
      List.of(SubjectMapping.NAMESPACES, SubjectMapping.PODS);
  private static final List<String> EGRESS_PEERS =
      List.of(SubjectMapping.NAMESPACES, SubjectMapping.PODS, NETWORKS);

  TierRule map(Part rule) {
    rule.rejectOthersThan(Set.of("name", "action", direction.peerField(), dialect.portsField()));
    Optional<Action> action = dialect.action(rule.text("action"));
    if (action.isEmpty()) {
      rule.problems()
          .errorUnlessExplained(rule.at().field("action"), "must be " + dialect.actions());
    }
    rule.bound(direction.peerField(), 1, dialect.most());
    var peers = new ArrayList<Peer>();
    rule.parts(direction.peerField()).forEach(peer -> peers.add(peer(peer)));
    var ports = new ArrayList<PortRule>();
    if (rule.has(dialect.portsField())) {
      rule.bound(dialect.portsField(), 1, dialect.most());
      var mapping = new TierPortMapping(rule.problems());
      rule.parts(dialect.portsField()).forEach(port -> ports.addAll(mapping.map(dialect, port)));
    }
    String name = rule.text("name");
    return rule.problems()
        .errorIn(rule.at())
        .map(problem -> TierRule.malformed(name, action.orElse(Action.DENY), problem))
        .orElseGet(() -> new TierRule(name, action.orElseThrow(), new Rule(peers, ports), ""));
  }

  private Peer peer(Part peer) {
    List<String> known = direction == Direction.INGRESS ? INGRESS_PEERS : EGRESS_PEERS;
    peer.rejectOthersThan(Set.copyOf(known));
    List<String> given = peer.given(known);
    if (given.size() != 1) {
      peer.problems().errorUnlessExplained(peer.at(), "needs one of " + String.join(", ", known));
      return new Peer.Malformed("it is of no kind that is known");
    }
    return given.get(0).equals(NETWORKS) ? networks(peer) : subjects.peer(peer);
  }

  private static Peer networks(Part peer) {
    peer.bound(NETWORKS, 1, ClusterPolicyDialect.MOST_NETWORKS);
    var blocks = new ArrayList<Cidr>();
    var mapping = new CidrMapping(peer.problems());
    List<String> texts = peer.texts(NETWORKS);
    for (int i = 0; i < texts.size(); i++) {
      mapping.map(texts.get(i), peer.at().field(NETWORKS).index(i)).ifPresent(blocks::add);
    }
    return new Peer.Networks(blocks);
  }
}
