// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.Peer;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.PortRule;
import dev.serviceidentity.k8s.policy.Rule;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The straightforward way, for comparison: every call looks at every policy. */
final class ScanningEvaluator {
  private final List<PolicyFacts> policies;
  private final Map<String, NamespaceFacts> namespaces = new HashMap<>();
  private final Map<IpAddress, PodFacts> pods = new HashMap<>();

  ScanningEvaluator(ClusterFacts facts) {
    this.policies = facts.policies().ofNamespaces();
    facts.namespaces().forEach(namespace -> namespaces.put(namespace.name(), namespace));
    facts.pods().forEach(pod -> pod.placement().addresses().forEach(a -> pods.put(a, pod)));
  }

  boolean admitsIngress(PodFacts own, IpAddress address, Protocol protocol, int port) {
    PodFacts peer = pods.get(address);
    boolean isolated = false;
    for (PolicyFacts policy : policies) {
      List<Rule> rules = policy.rules().get(Direction.INGRESS);
      if (rules == null
          || !policy.namespace().equals(own.namespace())
          || !policy.subject().matches(own.labels())) {
        continue;
      }
      isolated = true;
      for (Rule rule : rules) {
        if (matchesPeer(rule, policy.namespace(), peer, address)
            && matchesPort(rule, own, protocol, port)) {
          return true;
        }
      }
    }
    return !isolated;
  }

  private boolean matchesPeer(
      Rule rule, String namespace, @Nullable PodFacts pod, IpAddress address) {
    for (Peer peer : rule.peers()) {
      if (peer instanceof Peer.Block block && contains(block, address)) {
        return true;
      }
      if (peer instanceof Peer.Pods pods && pod != null && matches(pods, namespace, pod)) {
        return true;
      }
    }
    return rule.peers().isEmpty();
  }

  private static boolean contains(Peer.Block block, IpAddress address) {
    if (!block.cidr().contains(address)) {
      return false;
    }
    for (Cidr hole : block.except()) {
      if (hole.contains(address)) {
        return false;
      }
    }
    return true;
  }

  private boolean matches(Peer.Pods peer, String namespace, PodFacts pod) {
    NamespaceFacts labels = namespaces.get(pod.namespace());
    boolean inNamespace =
        peer.namespaces() == null
            ? pod.namespace().equals(namespace)
            : labels != null && peer.namespaces().matches(labels.labels());
    return inNamespace && (peer.pods() == null || peer.pods().matches(pod.labels()));
  }

  private static boolean matchesPort(Rule rule, PodFacts own, Protocol protocol, int port) {
    for (PortRule each : rule.ports()) {
      if (each instanceof PortRule.Range range
          && range.protocol() == protocol
          && range.first() <= port
          && port <= range.last()) {
        return true;
      }
      if (each instanceof PortRule.Named named
          && named.protocol() == protocol
          && own.ports().stream()
              .anyMatch(
                  p ->
                      named.name().equals(p.name())
                          && p.protocol() == protocol
                          && p.number() == port)) {
        return true;
      }
    }
    return rule.ports().isEmpty();
  }
}
