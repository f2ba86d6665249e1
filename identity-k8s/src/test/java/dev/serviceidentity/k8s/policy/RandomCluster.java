// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A small random cluster as plain JSON-like objects, full of the things that evaluators get wrong:
 * few names and addresses, so that much coincides; absent, null and empty side by side.
 */
final class RandomCluster {
  static final List<String> NAMESPACES = List.of("a", "b", "c");
  static final List<Object> NUMBERS = List.of(80, 81, 443);
  static final List<String> KEYS = List.of("k", "l", "m");
  static final List<String> VALUES = List.of("x", "y", "");
  static final List<String> PORT_NAMES = List.of("http", "dns");
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

  /** Blocks, and holes that are within them. */
  private static final Map<String, List<String>> CIDRS =
      new TreeMap<>(
          Map.of(
              "10.0.0.0/30", List.of("10.0.0.1/32", "10.0.0.2/31"),
              "10.0.0.0/24", List.of("10.0.0.4/30", "10.0.0.7/29", "10.0.0.200/32"),
              "10.0.0.6/31", List.of("10.0.0.7/32"),
              "0.0.0.0/0", List.of("10.0.0.2/31", "192.0.2.0/24", "128.0.0.0/1"),
              "192.0.2.0/24", List.of("192.0.2.128/25", "192.0.2.64/26", "192.0.2.1/32"),
              "2001:db8::/125", List.of("2001:db8::2/127"),
              "2001:db8:1::/48", List.of("2001:db8:1:8000::/49"),
              "::/0", List.of("2001:db8::2/127", "2001:db8:1::/48"),
              "172.16.0.0/16", List.of("172.16.0.1/32")));

  /** Where the pods without an address have theirs; none if that is not known. */
  private static final List<List<String>> POD_NETWORKS =
      List.of(
          List.of(),
          List.of("10.0.0.0/24"),
          List.of("10.0.0.0/30"),
          List.of("10.0.0.4/30", "2001:db8::/125"),
          List.of("10.0.0.2/31", "10.0.0.6/31"),
          List.of("2001:db8::2/127"),
          List.of("192.0.2.0/24", "2001:db9::/32"));

  private final Random random;
  final List<Map<String, Object>> objects = new ArrayList<>();
  final Assumptions assumptions;

  RandomCluster(long seed) {
    this.random = new Random(seed);
    this.assumptions =
        new Assumptions(
            pick(List.of(PodsInBlocks.values())),
            pick(List.of(Unowned.values())),
            pick(POD_NETWORKS).stream().map(Cidr::parse).toList());
    for (String namespace : NAMESPACES.subList(0, 2 + random.nextInt(2))) {
      objects.add(object("v1", "Namespace", Map.of("name", namespace, "labels", labels())));
    }
    objects.addAll(new RandomPods(random).all());
    int policies = 1 + random.nextInt(4);
    for (int i = 0; i < policies; i++) {
      objects.add(policy(i));
    }
    objects.addAll(new RandomTiers(random, this::selector, this::namespaces).policies());
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
      String cidr = pick(List.copyOf(CIDRS.keySet()));
      var block = new LinkedHashMap<String, Object>();
      block.put("cidr", oneIn(12) ? "10.0.0.0/40" : cidr);
      if (!oneIn(3)) {
        // A hole of another block is malformed in most.
        List<String> holes = CIDRS.get(oneIn(10) ? "::/0" : cidr);
        block.put("except", oneIn(4) ? List.of(pick(holes), pick(holes)) : List.of(pick(holes)));
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
      selector.put("matchLabels", labels());
    }
    if (oneIn(2)) {
      selector.put("matchExpressions", several(this::expression));
    }
    return selector;
  }

  private Object expression() {
    String operator = pick(List.of("In", "NotIn", "Exists", "DoesNotExist"));
    var expression = new LinkedHashMap<String, Object>();
    expression.put("key", pick(KEYS));
    expression.put("operator", operator);
    boolean values = operator.endsWith("In") != oneIn(25);
    expression.put("values", values ? VALUES.subList(random.nextInt(3), 3) : List.of());
    return expression;
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
    KEYS.stream().filter(key -> oneIn(3)).forEach(key -> labels.put(key, pick(VALUES)));
    return labels;
  }

  private List<Object> several(Supplier<Object> one) {
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

  static String json(Object value) {
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
