// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.policy.ClusterFacts.Policies;
import dev.serviceidentity.k8s.policy.ClusterPolicyFacts;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.Peer;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.Rule;
import dev.serviceidentity.k8s.policy.TierRule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whom the rules in force could admit to a pod, in words that the API server understands. */
final class Admitted {
  /** A rule for more namespaces is wide. */
  private static final int MOST_NAMESPACES = 4;

  private final List<NamespaceFacts> namespaces;
  private final Set<Resource> pods = new LinkedHashSet<>();
  private final Set<String> wide = new TreeSet<>();

  private Admitted(List<NamespaceFacts> namespaces) {
    this.namespaces = namespaces;
  }

  static Admitted to(PodFacts own, Policies policies, List<NamespaceFacts> namespaces) {
    var admitted = new Admitted(namespaces);
    policies.ofNamespaces().stream()
        .filter(policy -> policy.namespace().equals(own.namespace()))
        .filter(policy -> policy.subject().matches(own.labels()))
        .forEach(admitted::add);
    policies.ofCluster().stream()
        .filter(policy -> admitted.isFor(own, policy.subject()))
        .forEach(admitted::add);
    return admitted;
  }

  /** What holds them all, but for those of the wide rules. */
  Set<Resource> pods() {
    return pods;
  }

  /** The policies of rules that could admit too many to watch. */
  Set<String> wide() {
    return wide;
  }

  private boolean isFor(PodFacts own, Peer.Pods subject) {
    LabelSelector chosen = subject.pods();
    return matching(subject.namespaces()).anyMatch(own.namespace()::equals)
        && (chosen == null || chosen.matches(own.labels()));
  }

  private void add(PolicyFacts policy) {
    policy
        .rules()
        .getOrDefault(Direction.INGRESS, List.of())
        .forEach(rule -> add(policy.displayName(), policy.namespace(), rule));
  }

  private void add(ClusterPolicyFacts policy) {
    policy.rules().getOrDefault(Direction.INGRESS, List.of()).stream()
        .filter(rule -> rule.action() == TierRule.Action.ACCEPT)
        .map(TierRule::flows)
        .forEach(rule -> add(policy.displayName(), "", rule));
  }

  private void add(String policy, String home, Rule rule) {
    if (rule.peers().isEmpty()) {
      wide.add(policy);
    }
    for (Peer peer : rule.peers()) {
      if (peer instanceof Peer.Pods chosen) {
        add(policy, home, chosen);
      }
    }
  }

  private void add(String policy, String home, Peer.Pods peer) {
    LabelSelector selector = peer.pods() == null ? LabelSelector.EVERYTHING : peer.pods();
    List<String> where =
        peer.namespaces() == null
            ? List.of(home)
            : matching(peer.namespaces()).limit(MOST_NAMESPACES + 1L).toList();
    if (where.size() > MOST_NAMESPACES) {
      wide.add(policy);
    } else {
      where.forEach(
          each -> pods.add(Resource.of(LiveKind.POD).in(each).labelled(selector).fromMemory()));
    }
  }

  private Stream<String> matching(@Nullable LabelSelector selector) {
    return namespaces.stream()
        .filter(each -> selector != null && selector.matches(each.labels()))
        .map(NamespaceFacts::name);
  }
}
