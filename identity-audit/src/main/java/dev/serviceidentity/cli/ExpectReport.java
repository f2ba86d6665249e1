// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.LoadReport;
import java.util.List;

/** The outcome of all expectations, for people and for programs. */
record ExpectReport(List<Outcome> outcomes, List<LoadReport.Finding> problems) {

  boolean holds() {
    return outcomes.stream().allMatch(Outcome::holds);
  }

  private List<Outcome> mismatches() {
    return outcomes.stream().filter(outcome -> !outcome.holds()).toList();
  }

  String text() {
    var text = new StringBuilder();
    List<Outcome> mismatches = mismatches();
    for (Outcome mismatch : mismatches) {
      text.append(mismatch.expectation().place()).append(": ");
      text.append(mismatch.mismatch()).append("\n  ");
      text.append(mismatch.why().render().replace("\n", "\n  ")).append('\n');
    }
    int count = mismatches.size();
    int held = outcomes.size() - count;
    text.append("%d of %d expectations hold".formatted(held, outcomes.size()));
    return count == 0
        ? text.toString()
        : text.append(", %d %s not".formatted(count, count == 1 ? "does" : "do")).toString();
  }

  void write(Json json) {
    List<Outcome> mismatches = mismatches();
    json.object(
        () ->
            json.number("expectations", outcomes.size())
                .number("hold", outcomes.size() - mismatches.size())
                .array("mismatches", mismatches, mismatch -> write(json, mismatch))
                .problems(problems));
  }

  private static void write(Json json, Outcome mismatch) {
    json.object(
        () -> {
          json.text("file", mismatch.expectation().place().file());
          json.number("line", mismatch.expectation().place().line());
          json.text("name", mismatch.expectation().name());
          json.question(mismatch.expectation().question());
          json.text("expected", mismatch.expectation().expected().name());
          json.text("verdict", mismatch.answer().verdict().name());
          json.name("explanation").explanation(mismatch.why());
        });
  }
}
