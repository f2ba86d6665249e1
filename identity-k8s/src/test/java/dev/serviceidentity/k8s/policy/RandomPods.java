// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random nodes, pods and workloads. Behind every pod comes a near copy, which differs in one label,
 * one port or its addresses alone: an engine that does not tell the two apart is found out.
 */
final class RandomPods {
  private static final int PAIRS = 4;
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

  private final Random random;
  private int count;

  RandomPods(Random random) {
    this.random = random;
  }

  List<Map<String, Object>> all() {
    var all = new ArrayList<Map<String, Object>>();
    all.add(node(1, "172.16.0.1"));
    all.add(node(2, oneIn(8) ? "172.16.0.1" : "172.16.0.2"));
    for (int i = 0; i < PAIRS; i++) {
      Map<String, Object> pod = pod();
      all.add(pod);
      all.add(nearCopy(pod));
    }
    if (oneIn(3)) {
      all.add(workload());
    }
    return all;
  }

  private static Map<String, Object> node(int number, String address) {
    Map<String, Object> node = object("v1", "Node", Map.of("name", "n" + number));
    node.put(
        "status", Map.of("addresses", List.of(Map.of("type", "InternalIP", "address", address))));
    return node;
  }

  private Map<String, Object> pod() {
    boolean host = oneIn(6);
    String node = oneIn(4) ? "" : "n" + (1 + random.nextInt(2));
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", "p" + count);
    metadata.put("namespace", pick(RandomCluster.NAMESPACES));
    metadata.put("labels", labels());
    Map<String, Object> pod = object("v1", "Pod", metadata);
    Map<String, Object> spec = spec(host);
    spec.put("nodeName", node);
    pod.put("spec", spec);
    var status = new LinkedHashMap<String, Object>();
    status.put("phase", oneIn(10) ? "Succeeded" : "Running");
    status.put("podIPs", host ? ofHost(node) : addresses(!oneIn(5), oneIn(3)));
    status.put("hostIPs", hostAddresses(node));
    pod.put("status", status);
    count++;
    return pod;
  }

  private Map<String, Object> nearCopy(Map<String, Object> pod) {
    Map<String, Object> copy = copyOf(pod);
    part(copy, "metadata").put("name", "p" + count);
    Map<String, Object> status = part(copy, "status");
    if (part(copy, "spec").get("hostNetwork").equals(false)) {
      String written = status.get("podIPs").toString();
      status.put("podIPs", addresses(written.contains("10."), written.contains(":")));
    }
    switch (random.nextInt(3)) {
      case 0 -> {
        Map<String, Object> labels = part(part(copy, "metadata"), "labels");
        String key = pick(RandomCluster.KEYS);
        if (labels.remove(key) == null || oneIn(2)) {
          labels.put(key, pick(RandomCluster.VALUES));
        }
      }
      case 1 -> part(copy, "spec").put("containers", List.of(Map.of("ports", ports())));
      default -> {}
    }
    count++;
    return copy;
  }

  private Map<String, Object> workload() {
    Map<String, Object> workload =
        object(
            "apps/v1",
            "Deployment",
            Map.of("name", "w", "namespace", pick(RandomCluster.NAMESPACES)));
    workload.put(
        "spec",
        Map.of("template", Map.of("metadata", Map.of("labels", labels()), "spec", spec(oneIn(5)))));
    return workload;
  }

  private Map<String, Object> spec(boolean host) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("nodeName", "");
    spec.put("hostNetwork", host);
    spec.put("containers", List.of(Map.of("ports", ports())));
    spec.put(
        "initContainers",
        List.of(Map.of("restartPolicy", oneIn(2) ? "Always" : "OnFailure", "ports", ports())));
    return spec;
  }

  private static List<Object> ofHost(String node) {
    return List.of(Map.of("ip", "172.16.0." + (node.isEmpty() ? "9" : node.substring(1))));
  }

  /** Now and then another pod's or a node's, and now and then none is known. */
  private List<Object> addresses(boolean v4, boolean v6) {
    var addresses = new ArrayList<Object>();
    if (oneIn(25)) {
      return addresses;
    }
    if (v4) {
      int last = oneIn(9) ? 1 : count + 1;
      addresses.add(Map.of("ip", oneIn(40) ? "172.16.0.1" : "10.0.0." + last));
    }
    if (v6 || addresses.isEmpty()) {
      addresses.add(Map.of("ip", "2001:db8::" + (count + 1)));
    }
    return addresses;
  }

  private List<Object> hostAddresses(String node) {
    if (!oneIn(3)) {
      return List.of();
    }
    String last = node.isEmpty() ? "1" : node.substring(1);
    return List.of(Map.of("ip", "172.16." + random.nextInt(2) + "." + last));
  }

  private List<Object> ports() {
    var ports = new ArrayList<Object>();
    for (int i = random.nextInt(3); i > 0; i--) {
      ports.add(
          Map.of(
              "name", pick(RandomCluster.PORT_NAMES),
              "containerPort", pick(RandomCluster.NUMBERS),
              "protocol", pick(PROTOCOLS)));
    }
    return ports;
  }

  private Map<String, Object> labels() {
    var labels = new LinkedHashMap<String, Object>();
    RandomCluster.KEYS.stream()
        .filter(key -> oneIn(2))
        .forEach(key -> labels.put(key, pick(RandomCluster.VALUES)));
    return labels;
  }

  private static Map<String, Object> object(
      String version, String kind, Map<String, Object> metadata) {
    var object = new LinkedHashMap<String, Object>();
    object.put("apiVersion", version);
    object.put("kind", kind);
    object.put("metadata", metadata);
    return object;
  }

  private static Map<String, Object> copyOf(Map<String, Object> object) {
    var copy = new LinkedHashMap<String, Object>();
    object.forEach(
        (key, value) -> {
          copy.put(key, value);
          if (value instanceof LinkedHashMap<?, ?>) {
            copy.put(key, copyOf(part(object, key)));
          }
        });
    return copy;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> part(Map<String, Object> object, String field) {
    return (Map<String, Object>) object.get(field);
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
