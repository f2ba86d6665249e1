// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod of a {@link FakeCluster}, in the terms of Kubernetes. Unless said here it runs as the
 * service account {@code default}, on no known node, with one IPv4 address that the cluster gives
 * it. Immutable.
 *
 * <pre>{@code
 * cluster.pod(FakePod.of("shop/web", "app=web").serviceAccount("web").dualStack());
 * }</pre>
 */
public final class FakePod {
  private final Reference.Named name;
  private final Map<String, String> labels;
  private final Map<String, Object> spec;
  private final Network network;
  private final String uid;

  /** How the network sees the pod; the addresses are empty while the cluster chooses them. */
  private record Network(List<String> addresses, boolean dualStack, String phase) {}

  private FakePod(
      Reference.Named name,
      Map<String, String> labels,
      Map<String, Object> spec,
      Network network,
      String uid) {
    this.name = name;
    this.labels = labels;
    this.spec = spec;
    this.network = network;
    this.uid = uid;
  }

  /**
   * A pod that runs.
   *
   * @param name {@code namespace/name}
   * @param labels each {@code key=value}
   * @return the pod
   * @throws IllegalArgumentException if the name or a label is not written so
   */
  public static FakePod of(String name, String... labels) {
    Network network = new Network(List.of(), false, "Running");
    Map<String, Object> spec = Map.of("containers", List.of());
    return new FakePod(Names.named(name), Names.labels(labels), spec, network, "");
  }

  private FakePod with(String field, Object value) {
    var changed = new HashMap<>(spec);
    changed.put(field, value);
    return new FakePod(name, labels, changed, network, uid);
  }

  private FakePod with(Network changed) {
    return new FakePod(name, labels, spec, changed, uid);
  }

  /**
   * Says what the pod runs as.
   *
   * @param account the name of a service account of its namespace
   * @return another pod
   */
  public FakePod serviceAccount(String account) {
    return with("serviceAccountName", account);
  }

  /**
   * Says where the pod runs.
   *
   * @param node the name of a node of the cluster
   * @return another pod
   */
  public FakePod node(String node) {
    return with("nodeName", node);
  }

  /**
   * Puts the pod on the network of its node, whose addresses it then has.
   *
   * @return another pod
   */
  public FakePod hostNetwork() {
    return with("hostNetwork", true);
  }

  /**
   * Lets the cluster give the pod an IPv6 address as well.
   *
   * @return another pod
   */
  public FakePod dualStack() {
    return with(new Network(network.addresses, true, network.phase));
  }

  /**
   * Says which addresses the pod has, for example those of loopback that a test connects from.
   *
   * @param literals IPv4 and IPv6 addresses
   * @return another pod
   * @throws IllegalArgumentException if one is no address
   */
  public FakePod addresses(String... literals) {
    List<String> all = List.of(literals);
    all.forEach(IpAddress::parse);
    return with(new Network(all, network.dualStack, network.phase));
  }

  /**
   * Ends the pod. Its record keeps the address, which is nobody's from then on.
   *
   * @return another pod
   */
  public FakePod completed() {
    return with(new Network(network.addresses, network.dualStack, "Succeeded"));
  }

  /**
   * Gives the pod a uid, which pod-bound credentials name.
   *
   * @param text the uid
   * @return another pod
   */
  public FakePod uid(String text) {
    return new FakePod(name, labels, spec, network, text);
  }

  /**
   * Declares a TCP port by name, for policies that name it.
   *
   * @param portName the name
   * @param number the port
   * @return another pod
   */
  public FakePod port(String portName, int number) {
    return port(portName, number, Protocol.TCP);
  }

  /**
   * Declares a port by name, for policies that name it.
   *
   * @param portName the name
   * @param number the port
   * @param protocol its protocol
   * @return another pod
   */
  public FakePod port(String portName, int number, Protocol protocol) {
    var containers = new ArrayList<Object>((List<?>) spec.getOrDefault("containers", List.of()));
    Map<String, Object> port =
        Map.of("name", portName, "containerPort", number, "protocol", protocol.name());
    containers.add(Map.of("name", portName, "ports", List.of(port)));
    return with("containers", containers);
  }

  Reference.Named name() {
    return name;
  }

  /** The node that it says it runs on; empty if it says none. */
  String nodeName() {
    return String.valueOf(spec.getOrDefault("nodeName", ""));
  }

  boolean isOnHostNetwork() {
    return spec.containsKey("hostNetwork");
  }

  List<String> ownAddresses() {
    return network.addresses;
  }

  boolean isDualStack() {
    return network.dualStack;
  }

  /** The manifest of the pod, as a cluster shows it once it has placed it. */
  Map<String, Object> manifest(List<String> addresses, List<String> hostAddresses) {
    Map<String, Object> status =
        Map.of("phase", network.phase, "podIPs", ips(addresses), "hostIPs", ips(hostAddresses));
    Map<String, Object> metadata = new HashMap<>(Names.metadata(name, Map.of()));
    metadata.put("labels", labels);
    if (!uid.isEmpty()) {
      metadata.put("uid", uid);
    }
    return Map.of(
        "apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", spec, "status", status);
  }

  private static List<Map<String, String>> ips(List<String> addresses) {
    return addresses.stream().map(address -> Map.of("ip", address)).toList();
  }

  /** Returns {@code namespace/name}. */
  @Override
  public String toString() {
    return name.toString();
  }
}
