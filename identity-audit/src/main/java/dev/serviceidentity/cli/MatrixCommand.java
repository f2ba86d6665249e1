// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.PortNumber;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who reaches whom. */
@Command(
    name = "matrix",
    description = "Shows which workloads reach which others, and the world outside.",
    footer = {"", "Exit code: 0 shown, 2 no answer."})
final class MatrixCommand implements Callable<Integer> {
  /** How the matrix is written. */
  enum Output {
    TEXT,
    JSON,
    CSV,
    DOT,
    HTML
  }

  private final Session session;

  @Mixin private ManifestOptions manifests = new ManifestOptions();

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT[/PROTOCOL]",
      converter = PortConverter.class,
      description = "Asks for this port alone. May be given several times. All ports unless said.")
  private List<PortNumber> ports = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless said. HTML is one page with a picture"
              + " and needs nothing else.")
  private Output output = Output.TEXT;

  MatrixCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (Cluster cluster = manifests.open(session.problems())) {
      PortRanges asked =
          ports.isEmpty()
              ? PortRanges.all(cluster.inventory().distinctions())
              : PortRanges.of(ports);
      Matrix matrix = Matrix.of(cluster, asked, session.progress());
      switch (output) {
        case TEXT -> session.print(new MatrixText(matrix).render());
        case JSON -> Json.write(session.out(), new MatrixData(matrix)::json);
        case CSV -> new MatrixData(matrix).csv(session.out());
        case DOT -> session.print(new MatrixDot(matrix).render());
        case HTML -> session.print(new MatrixPage(matrix).render());
      }
      return ExitCode.HOLDS;
    }
  }
}
