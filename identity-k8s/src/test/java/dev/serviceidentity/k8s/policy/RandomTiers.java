// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Random cluster-wide policies of all kinds, with few ranks, so that they meet. */
final class RandomTiers {
  private static final List<String> NETWORKS =
      List.of("10.0.0.0/30", "10.0.0.4/31", "0.0.0.0/0", "2001:db8::/126", "172.16.0.1/32");

  private final Random random;
  private final Supplier<Object> selector;
  private final Supplier<Object> namespaces;

  RandomTiers(Random random, Supplier<Object> selector, Supplier<Object> namespaces) {
    this.random = random;
    this.selector = selector;
    this.namespaces = namespaces;
  }

  List<Map<String, Object>> policies() {
    var policies = new ArrayList<Map<String, Object>>();
    int count = Math.max(0, random.nextInt(7) - 3);
    for (int i = 0; i < count; i++) {
      policies.add(
          random.nextInt(3) == 0
              ? policy("v1alpha1", "AdminNetworkPolicy", "c" + i)
              : policy("v1alpha2", "ClusterNetworkPolicy", "c" + i));
    }
    if (random.nextInt(6) == 0) {
      policies.add(policy("v1alpha1", "BaselineAdminNetworkPolicy", "default"));
    }
    return policies;
  }

  private Map<String, Object> policy(String version, String kind, String name) {
    boolean newer = version.equals("v1alpha2");
    var spec = new LinkedHashMap<String, Object>();
    if (newer) {
      spec.put("tier", pick(List.of("Admin", "Baseline")));
    }
    if (!name.equals("default")) {
      spec.put("priority", random.nextInt(3));
    }
    spec.put("subject", random.nextInt(3) == 0 ? Map.of("namespaces", Map.of()) : pods());
    List<String> actions =
        name.equals("default")
            ? List.of("Allow", "Deny")
            : List.of(newer ? "Accept" : "Allow", "Deny", "Pass");
    spec.put("ingress", rules("from", actions, newer));
    spec.put("egress", rules("to", actions, newer));
    var policy = new LinkedHashMap<String, Object>();
    policy.put("apiVersion", "policy.networking.k8s.io/" + version);
    policy.put("kind", kind);
    policy.put("metadata", Map.of("name", name));
    policy.put("spec", spec);
    return policy;
  }

  private List<Object> rules(String peerField, List<String> actions, boolean newer) {
    var rules = new ArrayList<Object>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var rule = new LinkedHashMap<String, Object>();
      rule.put("action", pick(actions));
      var peers = new ArrayList<Object>();
      for (int j = random.nextInt(2); j >= 0; j--) {
        peers.add(peer(peerField));
      }
      rule.put(peerField, peers);
      if (random.nextBoolean()) {
        rule.put(
            newer ? "protocols" : "ports",
            List.of(newer ? protocol() : port(), newer ? protocol() : port()));
      }
      rules.add(rule);
    }
    return rules;
  }

  private Object peer(String peerField) {
    if (random.nextInt(12) == 0) {
      return Map.of("nodes", selector.get());
    }
    return peerField.equals("to") && random.nextInt(3) == 0
        ? Map.of("networks", List.of(pick(NETWORKS), pick(NETWORKS)))
        : pods();
  }

  private Object pods() {
    if (random.nextBoolean()) {
      return Map.of("namespaces", namespaces.get());
    }
    return random.nextInt(20) == 0
        ? Map.of("pods", Map.of("namespaceSelector", namespaces.get()))
        : Map.of(
            "pods", Map.of("namespaceSelector", namespaces.get(), "podSelector", selector.get()));
  }

  private Object protocol() {
    if (random.nextInt(4) == 0) {
      return Map.of("destinationNamedPort", pick(List.of("http", "dns")));
    }
    Object port = single() ? Map.of("number", number()) : Map.of("range", range());
    return Map.of(pick(List.of("tcp", "tcp", "udp", "sctp")), Map.of("destinationPort", port));
  }

  private Object port() {
    if (random.nextInt(4) == 0) {
      return Map.of("namedPort", pick(List.of("http", "dns")));
    }
    var port = new LinkedHashMap<String, Object>();
    if (random.nextBoolean()) {
      port.put("protocol", pick(List.of("TCP", "UDP", "SCTP")));
    }
    if (single()) {
      port.put("port", number());
      return Map.of("portNumber", port);
    }
    port.putAll(range());
    return Map.of("portRange", port);
  }

  private boolean single() {
    return random.nextInt(3) > 0;
  }

  private Object number() {
    return pick(RandomCluster.NUMBERS);
  }

  /** One that starts at 443 has no end after it, and is malformed. */
  private Map<String, Object> range() {
    return random.nextInt(8) == 0
        ? Map.of("start", 443, "end", 80)
        : Map.of("start", 80, "end", pick(List.of(81, 443)));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
