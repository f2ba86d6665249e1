// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.Inventory.Workload;
import dev.serviceidentity.k8s.cluster.Spelling;
import dev.serviceidentity.k8s.question.Directory;
import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who reaches whom: every ordered pair of workloads, and the world outside as one of them. What
 * errors in the manifests have hidden is not among them.
 */
record Matrix(List<Party> parties, List<Reach> reaches, Tally tally) {

  /** Of some namespaces and whoever is at the other end; of all of them if none is named. */
  static Matrix of(Cluster cluster, PortRanges ports, Set<String> namespaces, Progress progress) {
    List<Party> parties = parties(cluster);
    checkNames(namespaces, parties);
    var reaches = new ArrayList<Reach>();
    var shared = new HashMap<List<Span>, List<Span>>();
    long done = 0;
    long all = (long) parties.size() * parties.size();
    for (Party from : parties) {
      for (Party to : parties) {
        if (isQuestion(from, to) && isWanted(from, to, namespaces)) {
          List<Span> spans = spans(cluster, from, to, ports);
          // Most pairs have the same few answers.
          reaches.add(new Reach(from, to, shared.computeIfAbsent(spans, List::copyOf)));
        }
        done++;
        progress.tell("flows", done, all);
      }
    }
    return new Matrix(
        namespaces.isEmpty() ? parties : inView(parties, reaches, namespaces),
        reaches,
        Tally.of(reaches, cluster.errors()));
  }

  private static void checkNames(Set<String> wanted, List<Party> parties) {
    Set<String> known =
        parties.stream()
            .filter(party -> !party.isOutside())
            .map(Party::namespace)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw Program.unusable(
            "no pod or workload is in the namespace '%s'; there are %s%s"
                .formatted(
                    name, String.join(", ", known), Spelling.hint(Spelling.nearest(name, known))));
      }
    }
  }

  private static boolean isWanted(Party from, Party to, Set<String> namespaces) {
    return namespaces.isEmpty()
        || namespaces.contains(from.namespace())
        || namespaces.contains(to.namespace());
  }

  /** The parties of the namespaces, and those with which any of them has to do. */
  private static List<Party> inView(
      List<Party> parties, List<Reach> reaches, Set<String> namespaces) {
    Set<String> joined =
        reaches.stream()
            .filter(Reach::isOpen)
            .flatMap(reach -> Stream.of(reach.from().label(), reach.to().label()))
            .collect(Collectors.toSet());
    return parties.stream()
        .filter(p -> namespaces.contains(p.namespace()) || joined.contains(p.label()))
        .toList();
  }

  private static List<Party> parties(Cluster cluster) {
    List<Workload> workloads =
        cluster.inventory().workloads().stream()
            .filter(workload -> !workload.groups().isEmpty())
            .toList();
    Map<String, Long> count =
        workloads.stream()
            .map(workload -> workload.pods().displayName())
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    var parties = new ArrayList<Party>();
    for (Workload workload : workloads) {
      String name = workload.pods().displayName();
      boolean unique = count.getOrDefault(name, 0L) == 1;
      String label =
          unique
              ? name
              : "%s/%s/%s"
                  .formatted(
                      workload.pods().namespace(), workload.pods().kind(), workload.pods().name());
      parties.add(Directory.party(label, workload));
    }
    parties.sort(Comparator.comparing(Party::namespace).thenComparing(Party::label));
    parties.add(cluster.questions().directory().external());
    return parties;
  }

  /**
   * Outside to outside is not the cluster's, and a single pod talks to itself without a network.
   */
  private static boolean isQuestion(Party from, Party to) {
    return !from.label().equals(to.label()) || (!from.isOutside() && from.standsForMany());
  }

  private static List<Span> spans(Cluster cluster, Party from, Party to, PortRanges ports) {
    var spans = new ArrayList<Span>();
    for (PortRanges.Range range : ports.ranges()) {
      Protocol protocol = range.first().protocol();
      Verdict verdict = cluster.ask(from, to, range.first()).verdict();
      int end = spans.size() - 1;
      if (end >= 0 && continues(spans.get(end), range, verdict)) {
        spans.set(end, spans.get(end).extendedTo(range.last()));
      } else {
        spans.add(new Span(protocol, range.first().number(), range.last(), verdict));
      }
    }
    return spans;
  }

  private static boolean continues(Span span, PortRanges.Range next, Verdict verdict) {
    return span.protocol() == next.first().protocol()
        && span.last() + 1 == next.first().number()
        && span.verdict() == verdict;
  }

  /** The pairs of which anything is allowed or not known. */
  List<Reach> open() {
    return reaches.stream().filter(Reach::isOpen).toList();
  }

  /** What has one verdict, and nothing else; the numbers are still those of all. */
  Matrix only(Verdict verdict) {
    return new Matrix(
        parties,
        reaches.stream()
            .map(reach -> reach.only(verdict))
            .filter(reach -> !reach.spans().isEmpty())
            .toList(),
        tally);
  }
}
