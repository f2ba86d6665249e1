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
          + " or UNDECIDABLE; JSON lines, or YAML documents or a list.",
      "",
      "Exit code: 0 all hold, 1 some do not hold, 2 no answer."
    })
final class ExpectCommand implements Callable<Integer> {
  /** How the outcome is written. */
  enum Output {
    TEXT,
    JSON,
    JUNIT
  }

  private final Session session;

  @Mixin private ManifestOptions manifests = new ManifestOptions();

  @Option(
      names = {"-e", "--expectations"},
      required = true,
      paramLabel = "FILE",
      description = "JSON lines or YAML.")
  private Path expectations = Path.of("");

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
    List<Expectation> expected = ExpectationFile.read(expectations);
    try (Cluster cluster = manifests.open(session.problems())) {
      List<Outcome> outcomes = outcomes(expected, cluster);
      var report = new ExpectReport(expectations, outcomes);
      switch (output) {
        case TEXT -> session.print(report.text());
        case JSON -> Json.write(session.out(), report::write);
        case JUNIT -> JunitReport.write(session.out(), expectations, outcomes);
      }
      return report.holds() ? ExitCode.HOLDS : ExitCode.DOES_NOT_HOLD;
    }
  }

  private List<Outcome> outcomes(List<Expectation> expected, Cluster cluster) {
    var outcomes = new ArrayList<Outcome>();
    var problems = new ArrayList<String>();
    for (Expectation each : expected) {
      try {
        outcomes.add(new Outcome(each, cluster.questions().ask(each.question())));
      } catch (IllegalArgumentException e) {
        problems.add(expectations + ":" + each.line() + ": error: " + e.getMessage());
      }
      session.progress().tell("expectations", outcomes.size(), expected.size());
    }
    if (!problems.isEmpty()) {
      throw new UnusableInput(problems);
    }
    return outcomes;
  }
}
