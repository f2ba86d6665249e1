// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a picture shows of a matrix: the parties themselves, or whole namespaces of many. */
record Graph(List<Node> nodes, List<Edge> edges, boolean byNamespace) {
  private static final int MOST_NODES = 60;

  /** How much an arrow lets through. */
  enum Kind {
    SOME_PORTS("some"),
    ALL_PORTS("all"),
    UNKNOWN("unknown");

    final String style;

    Kind(String style) {
      this.style = style;
    }

    static Kind of(Reach reach) {
      if (!reach.has(Verdict.ALLOWED)) {
        return UNKNOWN;
      }
      boolean all = reach.ports(Verdict.ALLOWED).equals(Reach.ALL_PORTS);
      return all ? ALL_PORTS : SOME_PORTS;
    }
  }

  /** A point of the picture. Points of one group are drawn side by side. */
  record Node(String label, String group) {}

  /** An arrow from one point to another, by their places in the list. */
  record Edge(int from, int to, Kind kind, String label) {}

  static Graph of(Matrix matrix) {
    boolean byNamespace = matrix.parties().size() > MOST_NODES;
    var places = new LinkedHashMap<Node, Integer>();
    matrix.parties().forEach(p -> places.putIfAbsent(node(p, byNamespace), places.size()));
    var joined = new LinkedHashMap<List<Integer>, List<Reach>>();
    for (Reach reach : matrix.open()) {
      List<Integer> ends = ends(reach, byNamespace, places);
      joined.computeIfAbsent(ends, k -> new ArrayList<>()).add(reach);
    }
    var edges = new ArrayList<Edge>();
    joined.forEach((ends, reaches) -> edges.add(edge(ends, reaches, byNamespace)));
    // Of a template nobody knows whether it is one pod or many: the grid says so, a loop would not.
    edges.removeIf(edge -> edge.from() == edge.to() && edge.kind() == Kind.UNKNOWN);
    return new Graph(List.copyOf(places.keySet()), edges, byNamespace);
  }

  private static Node node(Party party, boolean byNamespace) {
    boolean whole = byNamespace && !party.isOutside();
    return new Node(whole ? party.namespace() : party.label(), party.namespace());
  }

  private static List<Integer> ends(Reach reach, boolean byNamespace, Map<Node, Integer> places) {
    return List.of(
        places.getOrDefault(node(reach.from(), byNamespace), 0),
        places.getOrDefault(node(reach.to(), byNamespace), 0));
  }

  private static Edge edge(List<Integer> ends, List<Reach> reaches, boolean byNamespace) {
    Reach widest = reaches.get(0);
    for (Reach reach : reaches) {
      widest = rank(reach) > rank(widest) ? reach : widest;
    }
    Kind kind = Kind.of(widest);
    Verdict shown = kind == Kind.UNKNOWN ? Verdict.UNDECIDABLE : Verdict.ALLOWED;
    String label = byNamespace ? reaches.size() + " pair(s)" : widest.ports(shown);
    return new Edge(ends.get(0), ends.get(1), kind, label);
  }

  private static int rank(Reach reach) {
    return switch (Kind.of(reach)) {
      case UNKNOWN -> 0;
      case SOME_PORTS -> 1;
      case ALL_PORTS -> 2;
    };
  }
}
