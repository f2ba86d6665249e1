// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.stream.Stream;

/**
 * All that decisions of one view are made from, and how it follows each kind of change. Never
 * changes; after a change it is a new one that shares most with the old one.
 */
record CompiledCluster(Fixed fixed, ClusterIndex index, Rulebook rules, Table table) {

  /** What no change touches, and how many kinds there were before the first one. */
  record Fixed(List<NodeFacts> nodes, ClusterFacts.Gaps gaps, int kinds) {}

  static CompiledCluster of(ClusterFacts facts, Assumptions assumptions) {
    Rulebook rules = Rulebook.compile(facts, assumptions);
    var vocabulary =
        new Vocabulary(
            Words.of(facts.policies()), assumptions.podNetworks(), !facts.gaps().unnamed());
    var ends = new Ends(vocabulary, assumptions.unowned(), facts.gaps().owners());
    ClusterIndex index = ClusterIndex.of(facts, ends);
    return new CompiledCluster(
        new Fixed(facts.nodes(), facts.gaps(), vocabulary.size()), index, rules, new Table(rules));
  }

  ClusterFacts facts() {
    return facts(fixed, index, rules);
  }

  private static ClusterFacts facts(Fixed fixed, ClusterIndex population, Rulebook book) {
    List<NamespaceFacts> namespaces = List.copyOf(population.namespaces().values());
    return new ClusterFacts(
        namespaces, population.podFacts(), fixed.nodes, book.facts(), fixed.gaps);
  }

  private static CompiledCluster anew(Fixed fixed, ClusterIndex population, Rulebook book) {
    return of(facts(fixed, population, book), book.assumptions());
  }

  private Vocabulary vocabulary() {
    return index.addresses().ends().vocabulary();
  }

  private CompiledCluster with(ClusterIndex changed) {
    return vocabulary().isWorn(fixed.kinds)
        ? anew(fixed, changed, rules)
        : new CompiledCluster(fixed, changed, rules, table);
  }

  CompiledCluster with(PodFacts pod) {
    return with(index.with(pod));
  }

  CompiledCluster withoutPod(String namespace, String name) {
    return with(index.withoutPod(namespace, name));
  }

  CompiledCluster with(NamespaceFacts namespace) {
    return with(index.with(namespace));
  }

  CompiledCluster withoutNamespace(String name) {
    return with(index.withoutNamespace(name));
  }

  CompiledCluster with(PolicyFacts policy) {
    String namespace = policy.namespace();
    List<PolicyFacts> others = othersThan(namespace, policy.name());
    Rulebook changed =
        rules.with(Stream.concat(others.stream(), Stream.of(policy)).toList(), namespace);
    return vocabulary().covers(Words.of(policy))
        ? with(changed, namespace)
        : anew(fixed, index, changed);
  }

  CompiledCluster withoutPolicy(String namespace, String name) {
    return with(rules.with(othersThan(namespace, name), namespace), namespace);
  }

  private List<PolicyFacts> othersThan(String namespace, String name) {
    return rules.facts().ofNamespaces().stream()
        .filter(policy -> !policy.namespace().equals(namespace) || !policy.name().equals(name))
        .toList();
  }

  /** Answers for pods of other namespaces stay. */
  private CompiledCluster with(Rulebook changed, String namespace) {
    return new CompiledCluster(fixed, index, changed, table.carriedTo(changed, namespace));
  }

  CompiledCluster with(ClusterPolicyFacts policy) {
    List<ClusterPolicyFacts> others = othersThan(policy.kind(), policy.name());
    Rulebook changed = rules.with(Stream.concat(others.stream(), Stream.of(policy)).toList());
    return vocabulary().covers(Words.of(policy)) ? with(changed) : anew(fixed, index, changed);
  }

  CompiledCluster withoutPolicy(ClusterPolicyFacts.Kind kind, String name) {
    return with(rules.with(othersThan(kind, name)));
  }

  private List<ClusterPolicyFacts> othersThan(ClusterPolicyFacts.Kind kind, String name) {
    return rules.facts().ofCluster().stream()
        .filter(policy -> policy.kind() != kind || !policy.name().equals(name))
        .toList();
  }

  /** All answers are found anew. */
  private CompiledCluster with(Rulebook changed) {
    return new CompiledCluster(fixed, index, changed, new Table(changed));
  }
}
