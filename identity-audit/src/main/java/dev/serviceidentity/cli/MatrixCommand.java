// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who reaches whom. */
@Command(
    name = "matrix",
    description = "Shows which workloads reach which others, and the world outside.",
    footer = {"", "Exit code: 0 shown, 2 no answer, or errors in the cluster's objects."})
final class MatrixCommand implements Callable<Integer> {
  /** How the matrix is written. */
  enum Output {
    TEXT,
    JSON,
    CSV,
    DOT,
    HTML
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Session session;

  @Mixin private ClusterOptions asked = new ClusterOptions();

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT[/PROTOCOL]",
      converter = PortConverter.class,
      description = "Asks for this port alone. May be given several times. All ports unless said.")
  private List<PortNumber> ports = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description =
          "Shows only pairs with an end in this namespace. May be given several times. All"
              + " namespaces unless said.")
  private Set<String> namespaces = Set.of();

  @Option(
      names = "--only",
      paramLabel = "VERDICT",
      description = "Shows only what is ${COMPLETION-CANDIDATES}.")
  private @Nullable Verdict only;

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
    if (only == Verdict.DENIED && (output == Output.DOT || output == Output.HTML)) {
      throw Program.unusable("a picture shows what is open; ask for text, json or csv");
    }
    try (Cluster cluster = asked.open(session)) {
      PortRanges ranges =
          ports.isEmpty()
              ? PortRanges.all(cluster.inventory().distinctions())
              : PortRanges.of(ports);
      Matrix whole = Matrix.of(cluster, ranges, namespaces, session.progress());
      show(only == null ? whole : whole.only(only), cluster);
      return cluster.exitCode(true, session.problems());
    }
  }

  private void show(Matrix matrix, Cluster cluster) {
    switch (output) {
      case TEXT -> session.print(table(matrix).render());
      case JSON ->
          Json.write(session.out(), json -> new MatrixData(matrix).json(json, cluster.problems()));
      case CSV -> new MatrixData(matrix).csv(session.out());
      // Made safe before it is marked up: a line that is cut after that is broken.
      case DOT -> session.out().print(new MatrixDot(matrix).render());
      case HTML -> session.out().print(new MatrixPage(matrix, origin()).render());
    }
  }

  private MatrixText table(Matrix matrix) {
    return only == null ? MatrixText.ofOpen(matrix) : new MatrixText(matrix, List.of(only));
  }

  private String origin() {
    return asked.origin(session) + ", read on " + TIME.format(session.clock().instant());
  }
}
