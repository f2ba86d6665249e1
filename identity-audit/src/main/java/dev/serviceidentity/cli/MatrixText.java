// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The pairs of a matrix that have some verdicts, as a table with a column for each of these. */
record MatrixText(Matrix matrix, List<Verdict> columns) {

  /** What is open. A column for what is undecidable is there where anything is. */
  static MatrixText ofOpen(Matrix matrix) {
    boolean unknown = matrix.reaches().stream().anyMatch(r -> r.has(Verdict.UNDECIDABLE));
    return new MatrixText(
        matrix, unknown ? List.of(Verdict.ALLOWED, Verdict.UNDECIDABLE) : List.of(Verdict.ALLOWED));
  }

  String render() {
    var rows = new ArrayList<List<String>>();
    rows.add(row("FROM", "TO", Verdict::name));
    for (Reach reach : matrix.reaches()) {
      if (columns.stream().anyMatch(reach::has)) {
        rows.add(row(reach.from().label(), reach.to().label(), reach::ports));
      }
    }
    var text = new StringBuilder();
    int[] widths = widths(rows);
    rows.forEach(row -> append(text, row, widths));
    return text.append('\n').append(matrix.tally()).toString();
  }

  private List<String> row(String from, String to, Function<Verdict, String> cell) {
    return Stream.concat(
            Stream.of(Printable.of(from), Printable.of(to)), columns.stream().map(cell))
        .toList();
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static void append(StringBuilder text, List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
