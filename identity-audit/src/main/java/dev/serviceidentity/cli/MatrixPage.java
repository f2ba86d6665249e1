// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A matrix as one HTML page that loads nothing, with a picture, a grid and a list. */
final class MatrixPage {
  private static final int LARGEST_GRID = 40;
  private static final int LONGEST_LIST = 5_000;

  private final Matrix matrix;
  private final String origin;
  private final Graph graph;
  private final StringBuilder html = new StringBuilder();

  /** The origin says whence and when it comes. */
  MatrixPage(Matrix matrix, String origin) {
    this.matrix = matrix;
    this.origin = origin;
    this.graph = Graph.of(matrix);
  }

  String render() {
    line("<!DOCTYPE html>");
    line("<html lang=\"en\"><head><meta charset=\"utf-8\"/>");
    // Whatever a manifest may hold, this page runs nothing and loads nothing.
    line(
        "<meta http-equiv=\"Content-Security-Policy\""
            + " content=\"default-src 'none'; style-src 'unsafe-inline'\"/>");
    line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    line("<title>Who reaches whom</title>");
    line("<style>");
    html.append(style());
    for (int i = 0; i < graph.nodes().size(); i++) {
      line(
          "svg:has(#n%d:hover) .edge:not(.n%d),svg:has(#n%d:hover) .ports:not(.n%d){opacity:.06}"
              .formatted(i, i, i, i));
    }
    line("</style></head><body><main>");
    line("<h1>Who reaches whom</h1><p>%s</p>".formatted(Markup.of(matrix.tally().toString())));
    line("<p>From %s.</p>".formatted(Markup.of(origin)));
    picture();
    if (matrix.parties().size() <= LARGEST_GRID) {
      grid();
    }
    list();
    line("</main></body></html>");
    return html.toString();
  }

  private void line(String text) {
    html.append(text).append('\n');
  }

  private static String style() {
    try (InputStream stream =
        Objects.requireNonNull(MatrixPage.class.getResourceAsStream("page.css"), "page.css")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void picture() {
    line("<figure>");
    html.append(new GraphPicture(graph).render());
    line("<figcaption>");
    line("<span class=\"key some\">some ports</span>");
    line("<span class=\"key all\">all ports</span>");
    line("<span class=\"key unknown\">undecidable</span>");
    Set<String> groups = new LinkedHashSet<>();
    graph.nodes().forEach(node -> groups.add(node.group()));
    int colour = 0;
    for (String group : groups) {
      String name = group.isEmpty() ? "outside the cluster" : group;
      line(
          "<span class=\"dot c%d\">%s</span>"
              .formatted(colour++ % GraphPicture.COLOURS, Markup.of(name)));
    }
    line("</figcaption>");
    if (graph.byNamespace()) {
      line("<p>There are too many workloads for one picture; it shows their namespaces.</p>");
    }
    line("</figure>");
  }

  private void grid() {
    Map<List<Party>, Reach> byEnds = new HashMap<>();
    matrix.reaches().forEach(r -> byEnds.put(List.of(r.from(), r.to()), r));
    line("<h2>Grid</h2><p>Rows open connections, columns accept them.");
    line("● all ports, ◐ some ports, ? undecidable, – denied; what is empty is not shown.</p>");
    line("<div class=\"wide\"><table class=\"grid\"><thead><tr><td></td>");
    for (Party to : matrix.parties()) {
      line("<th scope=\"col\"><span>%s</span></th>".formatted(Markup.of(to.label())));
    }
    line("</tr></thead><tbody>");
    for (Party from : matrix.parties()) {
      line("<tr><th scope=\"row\">%s</th>".formatted(Markup.of(from.label())));
      matrix.parties().forEach(to -> cell(byEnds.get(List.of(from, to))));
      line("</tr>");
    }
    line("</tbody></table></div>");
  }

  private void cell(@Nullable Reach reach) {
    if (reach == null) {
      line("<td class=\"none\"></td>");
    } else if (!reach.isOpen()) {
      line("<td title=\"%s: denied\">–</td>".formatted(Markup.of(ends(reach))));
    } else {
      line(
          "<td class=\"%s\" title=\"%s: %s\">%s</td>"
              .formatted(
                  Graph.Kind.of(reach).style,
                  Markup.of(ends(reach)),
                  Markup.of(words(reach)),
                  Markup.of(sign(reach))));
    }
  }

  private static String ends(Reach reach) {
    return reach.from().label() + " → " + reach.to().label();
  }

  private static String words(Reach reach) {
    String unknown = reach.ports(Verdict.UNDECIDABLE);
    String allowed = reach.ports(Verdict.ALLOWED);
    String separator = allowed.isEmpty() || unknown.isEmpty() ? "" : "; ";
    return allowed + separator + (unknown.isEmpty() ? "" : unknown + " undecidable");
  }

  private static String sign(Reach reach) {
    return switch (Graph.Kind.of(reach)) {
      case SOME_PORTS -> "◐";
      case ALL_PORTS -> "●";
      case UNKNOWN -> "?";
    };
  }

  private void list() {
    List<Reach> open = matrix.open();
    line("<h2>Allowed, and undecidable</h2>");
    line("<table class=\"list\"><thead><tr>");
    List.of("From", "To", "Ports")
        .forEach(name -> line("<th scope=\"col\">%s</th>".formatted(name)));
    line("</tr></thead><tbody>");
    for (Reach reach : open.subList(0, Math.min(LONGEST_LIST, open.size()))) {
      line(
          "<tr class=\"%s\"><td>%s</td><td>%s</td><td>%s</td></tr>"
              .formatted(
                  Graph.Kind.of(reach).style,
                  Markup.of(reach.from().label()),
                  Markup.of(reach.to().label()),
                  Markup.of(words(reach))));
    }
    line("</tbody></table>");
    if (open.size() > LONGEST_LIST) {
      line(
          "<p>%d more are not listed here; ask for CSV.</p>".formatted(open.size() - LONGEST_LIST));
    }
  }
}
