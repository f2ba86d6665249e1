// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Decides one flow and says why. */
@Command(
    name = "check",
    description = "Says whether one end may open a connection to another, and why.",
    footer = {
      "",
      "Exit code: 0 allowed, 1 denied or undecidable, 2 no answer, or errors in the cluster's objects."
    })
final class CheckCommand implements Callable<Integer> {
  /** How the answer is written. */
  enum Output {
    TEXT,
    JSON
  }

  private final Session session;

  @Mixin private ClusterOptions asked = new ClusterOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "REF",
      converter = ReferenceConverter.class,
      description = "Who opens the connection.")
  private Reference from = new Reference.External();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "REF",
      converter = ReferenceConverter.class,
      description = "Who accepts it.")
  private Reference to = new Reference.External();

  @Option(
      names = {"-p", "--port"},
      required = true,
      paramLabel = "PORT[/PROTOCOL]",
      converter = PortConverter.class,
      description = "The port of the accepting pod, such as 8080 or 53/UDP; TCP unless said.")
  private PortNumber port = PortNumber.parse("1");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless said.")
  private Output output = Output.TEXT;

  CheckCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Question question = new Question(from, to, port, Side.BOTH);
    try (Cluster cluster = asked.open(session)) {
      Answer answer = ask(question, cluster);
      if (output == Output.JSON) {
        Json.write(session.out(), json -> write(json, question, answer, cluster));
      } else {
        session.print(answer.verdict() + "\n" + answer.why().get().render());
      }
      return cluster.exitCode(answer.verdict() == Verdict.ALLOWED, session.problems());
    }
  }

  private static Answer ask(Question question, Cluster cluster) {
    try {
      return cluster.questions().ask(question);
    } catch (IllegalArgumentException e) {
      throw Program.unusable(String.valueOf(e.getMessage()));
    }
  }

  private static void write(Json json, Question question, Answer answer, Cluster cluster) {
    Explanation why = answer.why().get();
    json.object(
        () -> {
          json.question(question);
          json.text("verdict", answer.verdict().name()).name("explanation");
          json.explanation(why);
          json.problems(cluster.problems());
        });
  }
}
