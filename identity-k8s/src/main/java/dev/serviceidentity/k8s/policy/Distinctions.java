// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the policies of a cluster can tell apart. Whoever asks about all pods, ports or addresses
 * need ask only once about those between which no policy makes a difference. Immutable.
 */
public final class Distinctions {
  private static final int HIGHEST_PORT = 65535;

  private final ClusterFacts facts;
  private final Set<String> labels = new HashSet<>();
  private final Set<PortRule> ports = new LinkedHashSet<>();
  private final Set<String> portNames = new HashSet<>();
  private final Set<Cidr> blocks = new LinkedHashSet<>();
  private final boolean nodesMatter;

  private Distinctions(ClusterFacts facts) {
    this.facts = facts;
    facts.policies().ofNamespaces().forEach(this::add);
    facts.policies().ofCluster().forEach(this::add);
    // A pod and its own node always reach each other, so that where a pod runs can matter.
    this.nodesMatter =
        !facts.nodes().isEmpty()
            || facts.pods().stream().anyMatch(pod -> pod.placement().hostNetwork());
  }

  /**
   * Reads what the policies of a cluster ask about.
   *
   * @param facts the cluster
   * @return what they tell apart
   */
  public static Distinctions of(ClusterFacts facts) {
    return new Distinctions(facts);
  }

  private void add(PolicyFacts policy) {
    add(policy.subject());
    policy.rules().values().stream().flatMap(List::stream).forEach(this::add);
  }

  private void add(ClusterPolicyFacts policy) {
    add(policy.subject().pods());
    policy.rules().values().stream().flatMap(List::stream).map(TierRule::flows).forEach(this::add);
  }

  private void add(Rule rule) {
    for (PortRule port : rule.ports()) {
      ports.add(port);
      if (port instanceof PortRule.Named named) {
        portNames.add(named.name());
      }
    }
    for (Peer peer : rule.peers()) {
      if (peer instanceof Peer.Pods pods) {
        add(pods.pods());
      } else if (peer instanceof Peer.Block block) {
        blocks.add(block.cidr().masked());
        block.except().forEach(except -> blocks.add(except.masked()));
      } else if (peer instanceof Peer.Networks networks) {
        networks.blocks().forEach(block -> blocks.add(block.masked()));
      }
    }
  }

  private void add(@Nullable LabelSelector selector) {
    if (selector != null) {
      selector.requirements().forEach(requirement -> labels.add(requirement.key()));
    }
  }

  /**
   * The blocks of addresses that policies name, exceptions included.
   *
   * @return without host bits, each once
   */
  public List<Cidr> blocks() {
    return List.copyOf(blocks);
  }

  /**
   * Where answers may change along the ports of a protocol.
   *
   * @param protocol which
   * @return the first port of each range that no policy divides; 1 is always one of them
   */
  public SortedSet<Integer> firstPorts(Protocol protocol) {
    var first = new TreeSet<Integer>();
    first.add(1);
    for (PortRule rule : ports) {
      if (rule instanceof PortRule.Range range && range.protocol() == protocol) {
        first.add(range.first());
        first.add(range.last() + 1);
      }
    }
    facts.pods().stream()
        .flatMap(pod -> named(pod).stream())
        .filter(port -> port.protocol() == protocol)
        .map(ContainerPort::number)
        .forEach(number -> first.addAll(List.of(number, number + 1)));
    return first.headSet(HIGHEST_PORT + 1);
  }

  private List<ContainerPort> named(PodFacts pod) {
    return pod.ports().stream()
        .filter(port -> portNames.contains(Objects.requireNonNullElse(port.name(), "")))
        .toList();
  }

  /**
   * What policies see of a pod. Flows of two pods with equal likenesses get equal answers, except
   * where one end is the pod itself.
   *
   * @param pod a pod of this cluster
   * @return a value to compare
   */
  public Object likenessOf(PodFacts pod) {
    Map<String, String> seen =
        pod.labels().entrySet().stream()
            .filter(label -> labels.contains(label.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    PodFacts.Placement placement = pod.placement();
    return List.of(
        pod.namespace(),
        seen,
        Set.copyOf(named(pod)),
        placement.lifecycle(),
        placement.hostNetwork(),
        placement.addresses().stream().map(this::likenessOf).collect(Collectors.toSet()),
        nodesMatter ? List.of(pod.pod().node(), Set.copyOf(placement.nodeAddresses())) : List.of());
  }

  /**
   * What policies see of an address that is outside the cluster.
   *
   * @param address any address
   * @return a value to compare
   */
  public Object likenessOf(IpAddress address) {
    Set<Cidr> within =
        blocks.stream().filter(block -> block.contains(address)).collect(Collectors.toSet());
    return List.of(address.family(), within);
  }
}
