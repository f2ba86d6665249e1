// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All policies of one view, compiled. Never changes. */
record Rulebook(
    ClusterFacts.Policies facts,
    Map<String, List<CompiledPolicy>> policies,
    Tiers tiers,
    List<UnreadPolicy> unread,
    Assumptions assumptions) {

  static Rulebook compile(ClusterFacts facts, Assumptions assumptions) {
    Map<String, List<CompiledPolicy>> policies =
        facts.policies().ofNamespaces().stream()
            .map(policy -> CompiledPolicy.compile(policy, assumptions))
            .collect(Collectors.groupingBy(policy -> policy.facts().namespace()));
    return new Rulebook(
        facts.policies(),
        policies,
        new Tiers(facts.policies().ofCluster()),
        facts.gaps().policies(),
        assumptions);
  }

  /** The rules after a change of the NetworkPolicies of one namespace. */
  Rulebook with(List<PolicyFacts> changed, String namespace) {
    var all = new HashMap<>(policies);
    all.put(
        namespace,
        changed.stream()
            .filter(policy -> policy.namespace().equals(namespace))
            .map(policy -> CompiledPolicy.compile(policy, assumptions))
            .toList());
    return new Rulebook(
        new ClusterFacts.Policies(changed, facts.ofCluster()), all, tiers, unread, assumptions);
  }

  /** The rules after a change of the cluster-wide policies. */
  Rulebook with(List<ClusterPolicyFacts> changed) {
    return new Rulebook(
        new ClusterFacts.Policies(facts.ofNamespaces(), changed),
        policies,
        new Tiers(changed),
        unread,
        assumptions);
  }

  List<CompiledPolicy> policiesOf(String namespace) {
    return policies.getOrDefault(namespace, List.of());
  }

  List<CompiledPolicy> isolating(IndexedPod pod, Direction direction) {
    return policiesOf(pod.facts().namespace()).stream()
        .filter(policy -> policy.isolatesIn(direction) && policy.selects(pod.facts()))
        .toList();
  }

  List<UnreadPolicy> unreadFor(PodFacts pod) {
    return unread.stream().filter(each -> each.mayTouch(pod.namespace())).toList();
  }

  /** Asked at each decision, and so without making anything. */
  boolean hasUnreadFor(PodFacts pod) {
    for (int i = 0; i < unread.size(); i++) {
      if (unread.get(i).mayTouch(pod.namespace())) {
        return true;
      }
    }
    return false;
  }
}
