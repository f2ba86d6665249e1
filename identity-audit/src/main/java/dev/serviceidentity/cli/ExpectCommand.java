// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tests policies: each expectation holds or is shown with its explanation. */
@Command(
    name = "expect",
    description = "Tests policies against expectations, for example in CI.",
    footer = {
      "",
      "An expectation is {from: REF, to: REF, protocol: TCP, port: 8080, expect: ALLOWED}, or DENIED,"
          + " or UNDECIDABLE; JSON lines, or YAML documents or a list. A name may say what it is"
          + " for.",
      "",
      "Exit code: 0 all hold, 1 some do not hold, 2 no answer, or errors in the cluster's objects."
    })
final class ExpectCommand implements Callable<Integer> {
  /** How the outcome is written. */
  enum Output {
    TEXT,
    JSON,
    JUNIT
  }

  private final Session session;

  @Mixin private ClusterOptions asked = new ClusterOptions();

  @Option(
      names = {"-e", "--expectations"},
      required = true,
      paramLabel = "FILE",
      description = "JSON lines or YAML; '-' for standard input. May be given several times.")
  private List<Path> expectations = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless said.")
  private Output output = Output.TEXT;

  ExpectCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<Expectation> expected =
        expectations.stream()
            .flatMap(file -> ExpectationFile.read(file, session.in()).stream())
            .toList();
    try (Cluster cluster = asked.open(session)) {
      List<Outcome> outcomes = outcomes(expected, cluster);
      var report = new ExpectReport(outcomes, cluster.problems());
      switch (output) {
        case TEXT -> session.print(report.text());
        case JSON -> Json.write(session.out(), report::write);
        case JUNIT -> JunitReport.write(session.out(), outcomes, cluster);
      }
      return cluster.exitCode(report.holds(), session.problems());
    }
  }

  private List<Outcome> outcomes(List<Expectation> expected, Cluster cluster) {
    var outcomes = new ArrayList<Outcome>();
    var problems = new ArrayList<String>();
    for (Expectation each : expected) {
      try {
        outcomes.add(new Outcome(each, cluster.questions().ask(each.question())));
      } catch (IllegalArgumentException e) {
        problems.add(each.place() + ": error: " + e.getMessage());
      }
      session.progress().tell("expectations", outcomes.size(), expected.size());
    }
    if (!problems.isEmpty()) {
      throw new UnusableInput(problems);
    }
    return outcomes;
  }
}
