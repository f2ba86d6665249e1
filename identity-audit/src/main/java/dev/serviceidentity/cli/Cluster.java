// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The cluster that the manifests show. Both ends' policies are asked, as the network does. */
record Cluster(KubernetesNetwork network, Inventory inventory, Directory directory)
    implements AutoCloseable {

  static Cluster of(Manifests manifests, Assumptions assumptions) {
    KubernetesNetwork network =
        KubernetesNetwork.fromManifests(manifests)
            .podsInBlocks(assumptions.podsInBlocks())
            .unownedAddresses(assumptions.unowned())
            .open();
    Inventory inventory = Inventory.of(manifests);
    return new Cluster(network, inventory, new Directory(inventory, manifests.report()));
  }

  /** How many parts of the manifests could not be read. */
  int errors() {
    return network.loadReport().of(Severity.ERROR).size();
  }

  /** Asks one question. Several flows may be behind it; where they differ it has no one answer. */
  Answer ask(Party from, Party to, PortNumber port) {
    var cases = new LinkedHashMap<Verdict, List<Flow>>();
    for (Party.Pair pair : from.pairsTo(to)) {
      Flow flow = flow(pair, port);
      cases.computeIfAbsent(network.check(flow).verdict(), v -> new ArrayList<>()).add(flow);
    }
    if (cases.size() == 1) {
      Map.Entry<Verdict, List<Flow>> only = cases.entrySet().iterator().next();
      return new Answer(only.getKey(), () -> agreed(only.getValue()));
    }
    return new Answer(Verdict.UNDECIDABLE, () -> differing(from + " → " + to + ", " + port, cases));
  }

  private static Flow flow(Party.Pair pair, PortNumber port) {
    return new Flow(pair.from(), pair.to(), port.number(), port.protocol(), Flow.Side.BOTH);
  }

  private Explanation agreed(List<Flow> flows) {
    Explanation first = explain(flows.get(0));
    return flows.size() == 1
        ? first
        : new Explanation(
            first.summary() + " (And so for " + (flows.size() - 1) + " more pair(s) of ends.)",
            first.findings(),
            first.decidedBy());
  }

  private Explanation differing(String question, Map<Verdict, List<Flow>> cases) {
    String each =
        cases.entrySet().stream()
            .map(entry -> entry.getKey() + " for " + entry.getValue().get(0))
            .collect(Collectors.joining(", but "));
    List<Explanation> examples =
        cases.values().stream().map(flows -> explain(flows.get(0))).toList();
    return new Explanation(
        question + " has no one answer: " + each + ". Ask for one of them.",
        examples.stream().flatMap(example -> example.findings().stream()).distinct().toList(),
        examples.stream().flatMap(example -> example.decidedBy().stream()).distinct().toList());
  }

  private Explanation explain(Flow flow) {
    return network.check(flow).explanation(flow);
  }

  @Override
  public void close() {
    network.close();
  }
}
