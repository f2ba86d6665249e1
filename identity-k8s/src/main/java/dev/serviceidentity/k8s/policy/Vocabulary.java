// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for all that policies can tell apart: pods of one number are the same to every policy,
 * and so are peers of one number. Numbers are only ever added.
 */
final class Vocabulary {
  private static final int NO_POD = -1;
  private static final int UNKNOWN = -2;
  private static final int NO_ADDRESS = -1;
  private static final int SOME_V4 = -2;
  private static final int SOME_V6 = -3;
  private static final int FEWEST_WORN = 4096;

  private final Words words;
  private final Blocks blocks;
  private final List<Cidr> podNetworks;
  private final boolean eachNamespaceNamed;
  private final List<Range> podRanges;
  private final Numbers<PodKind> pods = new Numbers<>();
  private final Numbers<PeerKind> peers = new Numbers<>();

  private record PodKind(
      String namespaceName,
      @Nullable NamespaceFacts namespace,
      Map<String, String> labels,
      Set<ContainerPort> ports) {}

  private record PeerKind(int pod, int block, boolean blocksDecide) {}

  Vocabulary(Words words, List<Cidr> podNetworks, boolean eachNamespaceNamed) {
    this.words = words;
    Set<Cidr> borders = new LinkedHashSet<>(words.blocks());
    borders.addAll(podNetworks);
    this.blocks = Blocks.of(borders);
    this.podNetworks = podNetworks;
    this.eachNamespaceNamed = eachNamespaceNamed;
    this.podRanges = Range.of(podNetworks);
  }

  /** Where pods have the addresses that are not known, one for each family. */
  List<Range> podRanges() {
    return podRanges;
  }

  /** Whether a pod with a network of its own may have an address. */
  boolean isWherePodsAre(IpAddress address) {
    return podNetworks.isEmpty() || podNetworks.stream().anyMatch(each -> each.contains(address));
  }

  /** Whether also a namespace that is not known has the label with its name. */
  boolean isEachNamespaceNamed() {
    return eachNamespaceNamed;
  }

  boolean covers(Words other) {
    return words.contains(other);
  }

  /**
   * Whether most numbers may be of what is long gone, if so many were given when the vocabulary was
   * new. What it takes to give them again is then as much as was added since.
   */
  boolean isWorn(int sizeWhenNew) {
    return size() > FEWEST_WORN + 2 * sizeWhenNew;
  }

  /** How many numbers were given. */
  int size() {
    return pods.size() + peers.size();
  }

  Blocks blocks() {
    return blocks;
  }

  int numberOf(PodFacts pod, @Nullable NamespaceFacts namespace) {
    var labels = new HashMap<String, String>();
    pod.labels()
        .forEach(
            (key, value) -> {
              if (words.labels().contains(key)) {
                labels.put(key, value);
              }
            });
    Set<ContainerPort> ports =
        pod.ports().stream().filter(words::names).collect(Collectors.toUnmodifiableSet());
    return pods.of(new PodKind(pod.namespace(), namespace, labels, ports));
  }

  /** The number of an end of a flow as a peer. */
  int numberOf(Endpoint end) {
    IpAddress address = end.address();
    int block = address == null ? numberOfSome(end.family()) : blocks.numberOf(address);
    if (end instanceof Endpoint.OfPod of) {
      return peers.of(new PeerKind(of.pod().kind(), block, true));
    }
    return end instanceof Endpoint.Unknown unknown
        ? peers.of(new PeerKind(UNKNOWN, block, unknown.blocksDecide()))
        : peers.of(new PeerKind(NO_POD, block, true));
  }

  /** All addresses of one family that are not known are in the same range. */
  private static int numberOfSome(IpAddress.@Nullable Family family) {
    if (family == null) {
      return NO_ADDRESS;
    }
    return family == IpAddress.Family.IPV4 ? SOME_V4 : SOME_V6;
  }

  /** Gives each key the next number. */
  private static final class Numbers<K> {
    private final ConcurrentMap<K, Integer> known = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    int of(K key) {
      Integer number = known.get(key);
      return number == null ? known.computeIfAbsent(key, k -> next.getAndIncrement()) : number;
    }

    int size() {
      return known.size();
    }
  }
}
