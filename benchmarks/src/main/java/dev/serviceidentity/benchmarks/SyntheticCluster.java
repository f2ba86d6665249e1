// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.LabelSelector.Operator;
import dev.serviceidentity.k8s.policy.LabelSelector.Requirement;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.Peer;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.PortRule;
import dev.serviceidentity.k8s.policy.Rule;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Workload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A cluster of 100 namespaces with 20 workloads each, five pods to a workload, and as many policies
 * as are asked for. The policies go round the namespaces; each is about one workload and admits
 * another workload, the pods of a team's namespaces and a block of addresses, on a few ports. The
 * own pod is of the first workload, which the first policy is about.
 */
public final class SyntheticCluster {
  private static final int NAMESPACES = 100;
  private static final int WORKLOADS = 20;
  private static final int REPLICAS = 5;
  private static final int NODES = 200;

  /** How many pods there are. */
  public static final int PODS = NAMESPACES * WORKLOADS * REPLICAS;

  private SyntheticCluster() {}

  /**
   * All facts of the cluster.
   *
   * @param policies how many policies
   * @return the facts
   */
  public static ClusterFacts facts(int policies) {
    return new ClusterFacts(
        IntStream.range(0, NAMESPACES).mapToObj(SyntheticCluster::namespace).toList(),
        IntStream.range(0, PODS).mapToObj(i -> pod(i, "v1")).toList(),
        List.of(),
        new ClusterFacts.Policies(
            IntStream.range(0, policies).mapToObj(SyntheticCluster::policy).toList(), List.of()),
        ClusterFacts.Gaps.NONE);
  }

  /** A namespace. */
  static NamespaceFacts namespace(int index) {
    return new NamespaceFacts(
        "ns" + index,
        Map.of("kubernetes.io/metadata.name", "ns" + index, "team", "team" + index % 10));
  }

  /**
   * A pod as a live cluster would give it, with labels of its own.
   *
   * @param index which
   * @param track a label's value that policies look at
   * @return the pod
   */
  public static PodFacts pod(int index, String track) {
    int namespace = index / (WORKLOADS * REPLICAS);
    int workload = index / REPLICAS % WORKLOADS;
    String name = "app" + workload + "-7c9d8f6b5-" + Integer.toString(index, 36);
    Map<String, String> labels =
        Map.of(
            "app",
            "app" + workload,
            "app.kubernetes.io/instance",
            "ns" + namespace + "-app" + workload,
            "pod-template-hash",
            "7c9d8f6b5",
            "tier",
            workload % 3 == 0 ? "front" : "back",
            "track",
            track);
    return new PodFacts(
        new ServiceAccountName("ns" + namespace, "app" + workload),
        new Workload.Pod(
            name, "0e8f7c1a-5d0c-4f0e-9e59-" + (100_000_000_000L + index), "n" + index % NODES),
        labels,
        new Placement(
            Lifecycle.ACTIVE,
            false,
            List.of(address(index)),
            List.of(
                IpAddress.parse(
                    "192.168." + index % NODES / 100 + "." + (index % NODES % 100 + 1)))),
        List.of(new ContainerPort("http", 8080, Protocol.TCP)));
  }

  /**
   * The address of a pod.
   *
   * @param index which
   * @return an IPv4 address
   */
  public static IpAddress address(int index) {
    return IpAddress.parse(
        "10." + (64 + index / 65536) + "." + index / 256 % 256 + "." + index % 256);
  }

  /** A policy. */
  static PolicyFacts policy(int index) {
    int namespace = index % NAMESPACES;
    int workload = index / NAMESPACES % WORKLOADS;
    Rule fromWorkload =
        new Rule(
            List.of(new Peer.Pods(null, label("app", "app" + (workload + 1)))),
            List.of(new PortRule.Range(Protocol.TCP, 8080, 8080)));
    Rule fromTeam =
        new Rule(
            List.of(new Peer.Pods(label("team", "team" + index % 10), label("tier", "front"))),
            List.of(
                new PortRule.Named(Protocol.TCP, "http"),
                new PortRule.Range(Protocol.TCP, 9000, 9100)));
    Rule fromBlock =
        new Rule(
            List.of(
                new Peer.Block(
                    Cidr.parse("172." + (16 + index % 16) + "." + index / 16 % 256 + ".0/24"),
                    List.of())),
            List.of());
    LabelSelector subject =
        new LabelSelector(
            List.of(
                new Requirement("app", Operator.IN, Set.of("app" + workload)),
                new Requirement("track", Operator.EXISTS, Set.of())));
    return new PolicyFacts(
        "ns" + namespace,
        "policy" + index,
        subject,
        Map.of(Direction.INGRESS, List.of(fromWorkload, fromTeam, fromBlock)));
  }

  private static LabelSelector label(String key, String value) {
    return new LabelSelector(List.of(new Requirement(key, Operator.IN, Set.of(value))));
  }
}
