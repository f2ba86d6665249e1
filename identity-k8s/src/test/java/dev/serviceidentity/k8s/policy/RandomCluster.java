// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A small random cluster as plain JSON-like objects, full of the things that evaluators get wrong:
 * few names and addresses, so that much coincides; absent, null and empty side by side.
 */
final class RandomCluster {
  static final List<String> NAMESPACES = List.of("a", "b", "c");
  static final List<Object> NUMBERS = List.of(80, 81, 443);
  private static final List<String> KEYS = List.of("k", "l");
  private static final List<String> VALUES = List.of("x", "y", "");
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
  private static final List<String> PORT_NAMES = List.of("http", "dns");
  private static final List<String> CIDRS =
      List.of(
          "10.0.0.0/30",
          "10.0.0.0/24",
          "10.0.0.6/31",
          "0.0.0.0/0",
          "2001:db8::/125",
          "::/0",
          "10.0.0.2/32",
          "172.16.0.0/16");
  private static final List<String> HOLES =
      List.of("10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/30", "2001:db8::2/127", "10.0.0.7/29");

  private final Random random;
  final List<Map<String, Object>> objects = new ArrayList<>();

  RandomCluster(long seed) {
    this.random = new Random(seed);
    for (String namespace : NAMESPACES.subList(0, 2 + random.nextInt(2))) {
      objects.add(object("v1", "Namespace", Map.of("name", namespace, "labels", labels())));
    }
    for (int i = 1; i <= 2; i++) {
      Map<String, Object> node = object("v1", "Node", Map.of("name", "n" + i));
      node.put(
          "status",
          Map.of("addresses", List.of(Map.of("type", "InternalIP", "address", "172.16.0." + i))));
      objects.add(node);
    }
    for (int i = 0; i < 7; i++) {
      objects.add(pod(i));
    }
    int policies = 1 + random.nextInt(4);
    for (int i = 0; i < policies; i++) {
      objects.add(policy(i));
    }
    objects.addAll(new RandomTiers(random, this::selector, this::namespaces).policies());
  }

  /** Where the pods without an address have theirs; none if that is not known. */
  List<String> podNetworks() {
    return pick(
        List.of(
            List.of(),
            List.of("10.0.0.0/24"),
            List.of("10.0.0.0/30"),
            List.of("10.0.0.4/30", "2001:db8::/125"),
            List.of("10.0.0.2/31", "10.0.0.6/31"),
            List.of("2001:db8::2/127"),
            List.of("192.0.2.0/24", "2001:db9::/32")));
  }

  String toManifest() {
    return objects.stream().map(RandomCluster::json).collect(Collectors.joining("\n---\n"));
  }

  private Map<String, Object> object(String version, String kind, Map<String, Object> metadata) {
    var object = new LinkedHashMap<String, Object>();
    object.put("apiVersion", version);
    object.put("kind", kind);
    object.put("metadata", metadata);
    return object;
  }

  private Map<String, Object> pod(int index) {
    boolean host = oneIn(6);
    String node = oneIn(4) ? "" : "n" + (1 + random.nextInt(2));
    var spec = new LinkedHashMap<String, Object>();
    spec.put("nodeName", node);
    spec.put("hostNetwork", host);
    spec.put("containers", List.of(Map.of("ports", ports())));
    spec.put(
        "initContainers",
        List.of(Map.of("restartPolicy", oneIn(2) ? "Always" : "OnFailure", "ports", ports())));
    var addresses = new ArrayList<Object>();
    if (host) {
      addresses.add(Map.of("ip", "172.16.0." + (node.isEmpty() ? "9" : node.substring(1))));
    } else {
      if (!oneIn(5)) {
        addresses.add(Map.of("ip", "10.0.0." + (oneIn(9) ? 1 : index + 1)));
      }
      if (oneIn(3) || addresses.isEmpty()) {
        addresses.add(Map.of("ip", "2001:db8::" + (index + 1)));
      }
      if (oneIn(6)) {
        addresses.clear();
      }
    }
    Map<String, Object> pod =
        object(
            "v1",
            "Pod",
            Map.of("name", "p" + index, "namespace", pick(NAMESPACES), "labels", labels()));
    pod.put("spec", spec);
    pod.put("status", Map.of("phase", oneIn(8) ? "Succeeded" : "Running", "podIPs", addresses));
    return pod;
  }

  private List<Object> ports() {
    var ports = new ArrayList<Object>();
    for (int i = random.nextInt(3); i > 0; i--) {
      ports.add(
          Map.of(
              "name", pick(PORT_NAMES),
              "containerPort", pick(NUMBERS),
              "protocol", pick(PROTOCOLS)));
    }
    return ports;
  }

  private Map<String, Object> policy(int index) {
    Map<String, Object> policy =
        object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            Map.of("name", "policy" + index, "namespace", pick(NAMESPACES)));
    var spec = new LinkedHashMap<String, Object>();
    maybe(spec, "podSelector", oneIn(3) ? Map.of() : selector());
    maybe(spec, "ingress", rules("from"));
    maybe(spec, "egress", rules("to"));
    maybe(
        spec,
        "policyTypes",
        pick(
            List.of(
                List.of(), List.of("Ingress"), List.of("Egress"), List.of("Ingress", "Egress"))));
    policy.put("spec", spec);
    return policy;
  }

  private List<Object> rules(String peerField) {
    var rules = new ArrayList<Object>();
    for (int i = random.nextInt(3); i > 0; i--) {
      var rule = new LinkedHashMap<String, Object>();
      maybe(rule, peerField, several(this::peer));
      maybe(rule, "ports", several(this::port));
      rules.add(rule);
    }
    return rules;
  }

  private Object peer() {
    var peer = new LinkedHashMap<String, Object>();
    if (oneIn(3)) {
      var block = new LinkedHashMap<String, Object>();
      block.put("cidr", oneIn(12) ? "10.0.0.0/40" : pick(CIDRS));
      if (oneIn(2)) {
        block.put("except", List.of(pick(HOLES)));
      }
      peer.put("ipBlock", block);
    }
    if (peer.isEmpty() ? !oneIn(3) : oneIn(12)) {
      peer.put("podSelector", selector());
    }
    if (peer.isEmpty() ? !oneIn(9) : !peer.containsKey("ipBlock") && oneIn(2)) {
      peer.put("namespaceSelector", namespaces());
    }
    return peer;
  }

  private Object port() {
    var port = new LinkedHashMap<String, Object>();
    maybe(port, "protocol", pick(PROTOCOLS));
    if (!oneIn(5)) {
      port.put("port", oneIn(2) ? pick(NUMBERS) : pick(PORT_NAMES));
    }
    if (oneIn(5)) {
      port.put("endPort", pick(NUMBERS));
    }
    return port;
  }

  private Map<String, Object> selector() {
    var selector = new LinkedHashMap<String, Object>();
    if (oneIn(2)) {
      selector.put("matchLabels", Map.of(pick(KEYS), pick(VALUES)));
    }
    if (oneIn(2)) {
      String operator = pick(List.of("In", "NotIn", "Exists", "DoesNotExist"));
      var expression = new LinkedHashMap<String, Object>();
      expression.put("key", pick(KEYS));
      expression.put("operator", operator);
      boolean values = operator.endsWith("In") != oneIn(15);
      expression.put("values", values ? List.of(pick(VALUES)) : List.of());
      selector.put("matchExpressions", List.of(expression));
    }
    return selector;
  }

  /** Sometimes by name, which is known of every namespace. */
  private Map<String, Object> namespaces() {
    Map<String, Object> selector = selector();
    if (oneIn(3)) {
      var expression = new LinkedHashMap<String, Object>();
      expression.put("key", "kubernetes.io/metadata.name");
      expression.put("operator", pick(List.of("In", "NotIn")));
      expression.put("values", List.of(pick(NAMESPACES)));
      var all = new ArrayList<Object>(NaiveEvaluator.list(selector.get("matchExpressions")));
      all.add(expression);
      selector.put("matchExpressions", all);
    }
    return selector;
  }

  private Map<String, Object> labels() {
    var labels = new LinkedHashMap<String, Object>();
    KEYS.stream().filter(key -> oneIn(2)).forEach(key -> labels.put(key, pick(VALUES)));
    return labels;
  }

  private List<Object> several(java.util.function.Supplier<Object> one) {
    var list = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      list.add(one.get());
    }
    return list;
  }

  /** Sometimes absent, sometimes null: both must mean the same. */
  private void maybe(Map<String, Object> object, String field, Object value) {
    if (!oneIn(4)) {
      object.put(field, oneIn(8) ? null : value);
    }
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> json(entry.getKey()) + ": " + json(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(RandomCluster::json).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }
}
