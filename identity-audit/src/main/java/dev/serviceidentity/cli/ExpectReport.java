// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.nio.file.Path;
import java.util.List;

/** The outcome of a file of expectations, for people and for programs. */
record ExpectReport(Path file, List<Outcome> outcomes) {

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
      text.append(file).append(':').append(mismatch.expectation().line()).append(": ");
      text.append(mismatch.mismatch()).append("\n  ");
      text.append(mismatch.why().render().replace("\n", "\n  ")).append('\n');
    }
    int held = outcomes.size() - mismatches.size();
    text.append("%d of %d expectations hold".formatted(held, outcomes.size()));
    return text.append(mismatches.isEmpty() ? "" : ", %d do not".formatted(mismatches.size()))
        .toString();
  }

  void write(Json json) {
    List<Outcome> mismatches = mismatches();
    json.object(
        () ->
            json.text("file", file.toString())
                .number("expectations", outcomes.size())
                .number("hold", outcomes.size() - mismatches.size())
                .array("mismatches", mismatches, mismatch -> write(json, mismatch)));
  }

  private static void write(Json json, Outcome mismatch) {
    json.object(
        () -> {
          json.number("line", mismatch.expectation().line());
          json.question(mismatch.expectation().question());
          json.text("expected", mismatch.expectation().expected().name());
          json.text("verdict", mismatch.answer().verdict().name());
          json.name("explanation").explanation(mismatch.why());
        });
  }
}
