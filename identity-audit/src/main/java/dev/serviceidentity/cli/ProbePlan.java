// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which connections are tried from a pod: those that were named, or some of each verdict. */
final class ProbePlan {
  private final KubernetesNetwork network;
  private final Workload own;
  private final List<IpAddress> addresses = new ArrayList<>();
  private final Map<String, PodFacts> pods = new HashMap<>();

  /** From which of the own addresses to which of a pod's, both of one family. */
  private record Path(IpAddress from, IpAddress to) {}

  ProbePlan(KubernetesNetwork network, Workload own) {
    this.network = network;
    this.own = own;
    List<PodFacts> all = network.contents().facts().pods();
    all.stream()
        .filter(pod -> pod.displayName().equals(own.displayName()))
        .forEach(pod -> addresses.addAll(pod.placement().addresses()));
    if (addresses.isEmpty()) {
      throw Program.unusable("the own pod has no address yet, so that nothing is tried from it");
    }
    for (PodFacts pod : all) {
      if (pod.isAlive() && path(pod).isPresent() && !pod.displayName().equals(own.displayName())) {
        pods.put(pod.displayName(), pod);
      }
    }
  }

  /** Those that were named. */
  List<Probe> of(List<ProbeTarget> targets) {
    return targets.stream().map(this::of).toList();
  }

  private Probe of(ProbeTarget target) {
    PodFacts pod = pods.get(target.pod());
    if (pod == null) {
      throw Program.unusable(
          "no other pod %s with an address of a family that the own pod has is in the cluster"
              .formatted(target.pod()));
    }
    return probe(pod, target.port());
  }

  /** Those that are denied, from as many namespaces as possible, and one or two that are not. */
  List<Probe> chosen(int most, int controls) {
    List<Probe> all = declared().toList();
    var some = new ArrayList<Probe>(spread(all, Probe::isAllowed, controls));
    some.addAll(spread(all, Probe::isDenied, most));
    return some;
  }

  private Stream<Probe> declared() {
    return pods.values().stream()
        .filter(pod -> !pod.placement().hostNetwork())
        .sorted(Comparator.comparing(PodFacts::displayName))
        .flatMap(
            pod ->
                pod.ports().stream()
                    .filter(port -> port.protocol() == Protocol.TCP)
                    .map(port -> probe(pod, port.number())));
  }

  /** One of each namespace, then a second one of each, and so on. */
  private static List<Probe> spread(List<Probe> all, Predicate<Probe> wanted, int most) {
    var seen = new HashMap<String, Integer>();
    record Ranked(Probe probe, int rank) {}
    return all.stream()
        .filter(wanted)
        .map(each -> new Ranked(each, seen.merge(namespaceOf(each), 1, Integer::sum)))
        .sorted(Comparator.comparingInt(Ranked::rank))
        .limit(most)
        .map(Ranked::probe)
        .toList();
  }

  private static String namespaceOf(Probe probe) {
    return probe.flow().to() instanceof FlowEnd.PodEnd pod ? pod.namespace() : "";
  }

  private Optional<Path> path(PodFacts pod) {
    return pod.placement().addresses().stream()
        .flatMap(
            to ->
                addresses.stream()
                    .filter(from -> from.family() == to.family())
                    .map(from -> new Path(from, to)))
        .findFirst();
  }

  private Probe probe(PodFacts pod, int port) {
    var flow =
        new Flow(
            FlowEnd.of(own),
            FlowEnd.pod(pod.namespace(), pod.pod().name()),
            port,
            Protocol.TCP,
            Side.BOTH);
    Path path = path(pod).orElseThrow();
    return new Probe(flow, path.from(), path.to(), network.check(flow));
  }
}
