// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The open pairs of a matrix as a table. */
record MatrixText(Matrix matrix) {

  String render() {
    var rows = new ArrayList<List<String>>();
    boolean unknown = matrix.reaches().stream().anyMatch(r -> r.has(Verdict.UNDECIDABLE));
    rows.add(row("FROM", "TO", "ALLOWED", unknown ? "UNDECIDABLE" : ""));
    for (Reach reach : matrix.open()) {
      rows.add(
          row(
              reach.from().label(),
              reach.to().label(),
              reach.ports(Verdict.ALLOWED),
              reach.ports(Verdict.UNDECIDABLE)));
    }
    var text = new StringBuilder();
    int[] widths = widths(rows);
    rows.forEach(row -> append(text, row, widths));
    return text.append('\n').append(summary(matrix)).toString();
  }

  /** One sentence with the numbers. */
  static String summary(Matrix matrix) {
    long allowed = matrix.reaches().stream().filter(r -> r.has(Verdict.ALLOWED)).count();
    long unknown = matrix.reaches().stream().filter(r -> r.has(Verdict.UNDECIDABLE)).count();
    boolean denied = matrix.open().size() < matrix.reaches().size();
    return "%d of %d pairs are allowed something%s%s.%s"
            .formatted(
                allowed,
                matrix.reaches().size(),
                unknown == 0 ? "" : ", %d are undecidable in part".formatted(unknown),
                denied ? "; the others are denied" : "",
                matrix.errors() == 0
                    ? ""
                    : " The manifests have %d error(s), and what these hide is not shown."
                        .formatted(matrix.errors()))
        + (unknown == 0
            ? ""
            : " check says why for each; where blocks leave pods without an address undecidable,"
                + " --pod-cidr and --pods-in-blocks decide.");
  }

  private static List<String> row(String from, String to, String allowed, String unknown) {
    return List.of(Printable.of(from), Printable.of(to), allowed, unknown);
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
