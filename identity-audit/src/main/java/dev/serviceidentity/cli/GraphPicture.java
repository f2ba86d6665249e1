// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Draws a graph as SVG: points on a circle, namespace by namespace, and bent arrows across it. */
final class GraphPicture {
  /** How many colours the page has for namespaces. */
  static final int COLOURS = 8;

  private static final double DOT = 8;
  private static final double SPACE = 30;
  private static final double LETTER = 7.5;
  private static final int LONGEST_LABEL = 40;
  private static final double LINE = 48;
  private static final double BEND = 26;
  private static final double SMALLEST = 170;
  private static final int MOST_UPRIGHT = 14;
  private static final int MOST_LABELS = 24;

  private final Graph graph;
  private final List<String> groups;
  private final double radius;
  private final List<Double> angles = new ArrayList<>();
  private final StringBuilder svg = new StringBuilder();

  GraphPicture(Graph graph) {
    this.graph = graph;
    var names = new LinkedHashSet<String>();
    graph.nodes().forEach(node -> names.add(node.group()));
    this.groups = List.copyOf(names);
    // One free place after each group keeps namespaces apart.
    int places = graph.nodes().size() + groups.size();
    this.radius = Math.max(SMALLEST, places * SPACE / (2 * Math.PI));
    int place = 0;
    for (int i = 0; i < graph.nodes().size(); i++) {
      boolean sameGroup = i > 0 && groupOf(i) == groupOf(i - 1);
      place += i == 0 || sameGroup ? 1 : 2;
      angles.add(2 * Math.PI * place / places - Math.PI / 2);
    }
  }

  private int groupOf(int node) {
    return groups.indexOf(graph.nodes().get(node).group());
  }

  String render() {
    int longest = graph.nodes().stream().mapToInt(node -> node.label().length()).max().orElse(0);
    double beside = LINE + LETTER * Math.min(LONGEST_LABEL, longest);
    double above = isUpright() ? LINE : beside;
    line(
        "<svg role=\"img\" aria-label=\"Who reaches whom\" viewBox=\"%s %s %s %s\">"
            .formatted(
                Point.number(-radius - beside),
                Point.number(-radius - above),
                Point.number(2 * (radius + beside)),
                Point.number(2 * (radius + above))));
    groups.forEach(this::band);
    graph.edges().forEach(this::edge);
    if (isLabelled()) {
      graph.edges().forEach(this::edgeLabel);
    }
    for (int i = 0; i < graph.nodes().size(); i++) {
      node(i);
    }
    line("</svg>");
    return svg.toString();
  }

  private boolean isLabelled() {
    return graph.edges().size() <= MOST_LABELS;
  }

  private boolean isUpright() {
    return graph.nodes().size() <= MOST_UPRIGHT;
  }

  private void line(String text) {
    svg.append(text).append('\n');
  }

  private Point at(int node, double distance) {
    return Point.onCircle(distance, angles.get(node));
  }

  private void band(String group) {
    int first = -1;
    int last = -1;
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (graph.nodes().get(i).group().equals(group)) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    double reach = SPACE / radius / 3;
    Point from = Point.onCircle(radius, angles.get(first) - reach);
    Point to = Point.onCircle(radius, angles.get(last) + reach);
    int large = angles.get(last) - angles.get(first) + 2 * reach > Math.PI ? 1 : 0;
    line(
        "<path class=\"band c%d\" d=\"M%s A%s %s 0 %d 1 %s\"><title>%s</title></path>"
            .formatted(
                groups.indexOf(group) % COLOURS,
                from,
                Point.number(radius),
                Point.number(radius),
                large,
                to,
                Markup.of(group.isEmpty() ? "outside the cluster" : "namespace " + group)));
  }

  /** The bend: inwards, and to one side, so that there and back do not lie on each other. */
  private Point control(Graph.Edge edge) {
    Point from = at(edge.from(), radius);
    if (edge.from() == edge.to()) {
      return from.times(0.6);
    }
    Point to = at(edge.to(), radius);
    Point way = to.plus(from.times(-1));
    double bend = isLabelled() ? BEND : Math.min(BEND, Math.hypot(way.x(), way.y()) * 0.12);
    Point side = way.unit().turned().times(bend);
    return from.plus(to).times(0.2).plus(side);
  }

  private void edge(Graph.Edge edge) {
    Point control = control(edge);
    String shape;
    Point before = control;
    Point start = at(edge.from(), radius).towards(control, DOT);
    Point end = at(edge.to(), radius).towards(control, DOT + 2);
    if (edge.from() == edge.to()) {
      Point side = control.unit().turned().times(34);
      before = control.plus(side);
      end = at(edge.to(), radius).towards(before, DOT + 2);
      shape = "M%s C%s %s %s".formatted(start, control.plus(side.times(-1)), before, end);
    } else {
      shape = "M%s Q%s %s".formatted(start, control, end);
    }
    line("<g class=\"edge %s n%d n%d\">".formatted(edge.kind().style, edge.from(), edge.to()));
    line(
        "<title>%s → %s: %s%s</title>"
            .formatted(
                Markup.of(graph.nodes().get(edge.from()).label()),
                Markup.of(graph.nodes().get(edge.to()).label()),
                Markup.of(edge.label()),
                edge.kind() == Graph.Kind.UNKNOWN ? " (undecidable)" : ""));
    line("<path d=\"%s\"/>%s</g>".formatted(shape, head(before, end)));
  }

  private static String head(Point before, Point tip) {
    Point back = tip.towards(before, 9);
    Point side = tip.plus(back.times(-1)).unit().turned().times(4);
    return "<path class=\"head\" d=\"M%s L%s L%s Z\"/>"
        .formatted(tip, back.plus(side), back.plus(side.times(-1)));
  }

  private void edgeLabel(Graph.Edge edge) {
    if (edge.kind() == Graph.Kind.ALL_PORTS || edge.from() == edge.to()) {
      return;
    }
    Point place = at(edge.from(), radius).onCurve(control(edge), at(edge.to(), radius), 0.68);
    String text = edge.label().length() > 22 ? edge.label().substring(0, 21) + "…" : edge.label();
    line(
        "<text class=\"ports n%d n%d\" x=\"%s\" y=\"%s\">%s</text>"
            .formatted(
                edge.from(),
                edge.to(),
                Point.number(place.x()),
                Point.number(place.y()),
                Markup.of(text)));
  }

  private void node(int node) {
    Point centre = at(node, radius);
    String label = Markup.of(graph.nodes().get(node).label());
    line(
        "<g class=\"node c%d\" id=\"n%d\"><circle cx=\"%s\" cy=\"%s\" r=\"%s\"/>%s</g>"
            .formatted(
                groupOf(node) % COLOURS,
                node,
                Point.number(centre.x()),
                Point.number(centre.y()),
                Point.number(DOT),
                isUpright() ? upright(node, label) : turned(node, label)));
  }

  private String upright(int node, String label) {
    Point place = at(node, radius + DOT + 10);
    double lean = Math.cos(angles.get(node));
    String anchor = lean > 0.25 ? "start" : lean < -0.25 ? "end" : "middle";
    return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
        .formatted(Point.number(place.x()), Point.number(place.y() + 4), anchor, label);
  }

  /** Along the ray from the centre, and never upside down. */
  private String turned(int node, String label) {
    double degrees = Math.toDegrees(angles.get(node));
    boolean left = Math.cos(angles.get(node)) < 0;
    double distance = radius + DOT + 6;
    return "<text transform=\"rotate(%s) translate(%s 0)%s\" y=\"4\" text-anchor=\"%s\">%s</text>"
        .formatted(
            Point.number(degrees),
            Point.number(distance),
            left ? " rotate(180)" : "",
            left ? "end" : "start",
            label);
  }
}
