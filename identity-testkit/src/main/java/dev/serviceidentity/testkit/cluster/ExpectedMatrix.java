// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A table of who is expected to reach whom at one port. */
record ExpectedMatrix(List<Cell> cells) {
  private static final String NOT_ASKED = "-";

  /** One question, and the verdict that is expected. */
  record Cell(Question question, Verdict expected) {}

  /** An assertion that asks nothing would hold whatever the policies say. */
  ExpectedMatrix {
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("the matrix asks nothing: all of it is '-'");
    }
  }

  static ExpectedMatrix parse(String table, Side side) {
    List<List<String>> rows =
        table.lines().filter(line -> !line.isBlank()).map(ExpectedMatrix::words).toList();
    if (rows.size() < 2 || rows.get(0).size() < 2) {
      throw new IllegalArgumentException(
          "a matrix has the port and who accepts in its first line, and a line for each who opens");
    }
    List<String> header = rows.get(0);
    PortNumber port = PortNumber.parse(header.get(0));
    var cells = new ArrayList<Cell>();
    for (List<String> row : rows.subList(1, rows.size())) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "the line '%s' has %d words and needs %d"
                .formatted(String.join(" ", row), row.size(), header.size()));
      }
      for (int i = 1; i < row.size(); i++) {
        if (!row.get(i).equals(NOT_ASKED)) {
          Reference to = Reference.parse(header.get(i));
          var question = new Question(Reference.parse(row.get(0)), to, port, side);
          cells.add(new Cell(question, verdict(row.get(i))));
        }
      }
    }
    return new ExpectedMatrix(cells);
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split("\\s+"));
  }

  private static Verdict verdict(String word) {
    return Stream.of(Verdict.values())
        .filter(verdict -> verdict.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + word + "' is no verdict; write allowed, denied, undecidable, or -"));
  }

  int size() {
    return cells.size();
  }

  List<String> mismatches(Function<Question, Answer> asked) {
    var mismatches = new ArrayList<String>();
    for (Cell cell : cells) {
      Answer answer = asked.apply(cell.question());
      if (answer.verdict() != cell.expected()) {
        mismatches.add(FlowAssert.mismatch(cell.question(), cell.expected(), answer));
      }
    }
    return mismatches;
  }
}
