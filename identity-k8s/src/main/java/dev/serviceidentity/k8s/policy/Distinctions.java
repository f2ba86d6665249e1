// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the policies of a cluster can tell apart. Whoever asks about all pods, ports or addresses
 * need ask only once about those between which no policy makes a difference. Thread-safe.
 */
public final class Distinctions {
  private final ClusterFacts facts;
  private final Words words;
  private final Vocabulary vocabulary;
  private final boolean nodesMatter;

  private Distinctions(ClusterFacts facts) {
    this.facts = facts;
    this.words = Words.of(facts.policies());
    this.vocabulary = new Vocabulary(words, List.of(), true);
    // A pod and its own node always reach each other, so that where a pod runs can matter.
    this.nodesMatter =
        !facts.nodes().isEmpty()
            || facts.pods().stream().map(PodFacts::placement).anyMatch(Distinctions::showsNode);
  }

  private static boolean showsNode(PodFacts.Placement placement) {
    return placement.hostNetwork() || !placement.nodeAddresses().isEmpty();
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

  /**
   * The blocks of addresses that policies name, exceptions included.
   *
   * @return without host bits, each once
   */
  public List<Cidr> blocks() {
    return List.copyOf(words.blocks());
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
    Words.rules(facts.policies())
        .flatMap(rule -> rule.ports().stream())
        .forEach(
            port -> {
              if (port instanceof PortRule.Range range && range.protocol() == protocol) {
                first.addAll(List.of(range.first(), range.last() + 1));
              }
            });
    facts.pods().stream()
        .flatMap(pod -> pod.ports().stream())
        .filter(port -> port.protocol() == protocol && words.names(port))
        .map(ContainerPort::number)
        .forEach(number -> first.addAll(List.of(number, number + 1)));
    return first.headSet(PortRule.HIGHEST + 1);
  }

  /**
   * What policies see of a pod. Flows of two pods with equal likenesses get equal answers, except
   * where one end is the pod itself.
   *
   * @param pod a pod of this cluster
   * @return a value to compare
   */
  public Object likenessOf(PodFacts pod) {
    PodFacts.Placement placement = pod.placement();
    Set<Object> within =
        placement.addresses().stream().map(this::likenessOf).collect(Collectors.toSet());
    return List.of(
        vocabulary.numberOf(pod, null),
        placement.lifecycle(),
        placement.hostNetwork(),
        within,
        nodesMatter ? nodeOf(pod) : List.of());
  }

  /** The address of a pod on the host network can be all that tells its node. */
  private static Object nodeOf(PodFacts pod) {
    PodFacts.Placement placement = pod.placement();
    return List.of(
        pod.pod().node(),
        Set.copyOf(placement.nodeAddresses()),
        placement.hostNetwork() ? Set.copyOf(placement.addresses()) : Set.of());
  }

  /**
   * What policies see of an address that is outside the cluster.
   *
   * @param address any address
   * @return a value to compare
   */
  public Object likenessOf(IpAddress address) {
    return vocabulary.blocks().numberOf(address);
  }
}
