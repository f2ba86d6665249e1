// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A matrix in the language of Graphviz: a box for each namespace, an arrow for each open pair. */
record MatrixDot(Matrix matrix) {

  String render() {
    var text = new StringBuilder("digraph reach {\n  rankdir=LR;\n  node [shape=box];\n");
    var namespaces =
        matrix.parties().stream()
            .collect(Collectors.groupingBy(Party::namespace, TreeMap::new, Collectors.toList()));
    namespaces.forEach((namespace, parties) -> cluster(text, namespace, parties));
    for (Reach reach : matrix.open()) {
      boolean allowed = reach.has(Verdict.ALLOWED);
      text.append("  ").append(quote(reach.from().label())).append(" -> ");
      text.append(quote(reach.to().label())).append(" [label=");
      text.append(quote(reach.ports(allowed ? Verdict.ALLOWED : Verdict.UNDECIDABLE)));
      text.append(allowed ? "];\n" : ", style=dashed];\n");
    }
    return text.append("}\n").toString();
  }

  private static void cluster(StringBuilder text, String namespace, List<Party> parties) {
    String indent = namespace.isEmpty() ? "  " : "    ";
    if (!namespace.isEmpty()) {
      text.append("  subgraph ").append(quote("cluster_" + namespace)).append(" {\n");
      text.append("    label=").append(quote(namespace)).append(";\n");
    }
    for (Party party : parties) {
      text.append(indent).append(quote(party.label())).append(";\n");
    }
    text.append(namespace.isEmpty() ? "" : "  }\n");
  }

  private static String quote(String text) {
    return '"' + Printable.of(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
