// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that policies look at in a pod or an address: two pods that do not differ in these are
 * the same to every policy.
 *
 * @param labels keys of pod labels
 * @param ports names of ports
 * @param blocks blocks of addresses, holes included
 */
record Words(Set<String> labels, Set<String> ports, Set<Cidr> blocks) {

  static Words of(ClusterFacts.Policies policies) {
    var words = new Words(new HashSet<>(), new HashSet<>(), new LinkedHashSet<>());
    policies.ofNamespaces().forEach(policy -> words.add(policy.subject()));
    policies.ofCluster().forEach(policy -> words.add(policy.subject().pods()));
    rules(policies).forEach(words::add);
    return words;
  }

  static Words of(PolicyFacts policy) {
    return of(new ClusterFacts.Policies(List.of(policy), List.of()));
  }

  static Words of(ClusterPolicyFacts policy) {
    return of(new ClusterFacts.Policies(List.of(), List.of(policy)));
  }

  boolean contains(Words other) {
    return labels.containsAll(other.labels)
        && ports.containsAll(other.ports)
        && blocks.containsAll(other.blocks);
  }

  /** All rules of all policies, always in the same order. */
  static Stream<Rule> rules(ClusterFacts.Policies policies) {
    return Stream.of(Direction.values())
        .flatMap(
            direction ->
                Stream.concat(
                    policies.ofNamespaces().stream()
                        .flatMap(each -> each.rules().getOrDefault(direction, List.of()).stream()),
                    policies.ofCluster().stream()
                        .flatMap(each -> each.rules().getOrDefault(direction, List.of()).stream())
                        .map(TierRule::flows)));
  }

  /** Whether a policy may mean a port by its name. */
  boolean names(ContainerPort port) {
    return port.name() != null && ports.contains(port.name());
  }

  private void add(@Nullable LabelSelector selector) {
    if (selector != null) {
      selector.requirements().forEach(requirement -> labels.add(requirement.key()));
    }
  }

  private void add(Rule rule) {
    for (Peer peer : rule.peers()) {
      if (peer instanceof Peer.Pods pods) {
        add(pods.pods());
      } else if (peer instanceof Peer.Block block) {
        Stream.concat(Stream.of(block.cidr()), block.except().stream())
            .forEach(cidr -> blocks.add(cidr.masked()));
      } else if (peer instanceof Peer.Networks networks) {
        networks.blocks().forEach(cidr -> blocks.add(cidr.masked()));
      }
    }
    for (PortRule port : rule.ports()) {
      if (port instanceof PortRule.Named named) {
        ports.add(named.name());
      }
    }
  }
}
