// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.LoadReport;
import java.io.PrintWriter;
import java.util.List;

/** A matrix for programs: every pair with every verdict. */
record MatrixData(Matrix matrix) {

  void json(Json json, List<LoadReport.Finding> problems) {
    json.object(
        () ->
            json.array("parties", matrix.parties(), party -> json.text(party.label()))
                .array("flows", matrix.reaches(), reach -> write(json, reach))
                .problems(problems));
  }

  private static void write(Json json, Reach reach) {
    json.object(
        () ->
            json.text("from", reach.from().label())
                .text("to", reach.to().label())
                .array("ports", reach.spans(), span -> write(json, span)));
  }

  private static void write(Json json, Span span) {
    json.object(
        () ->
            json.text("protocol", span.protocol().name())
                .number("first", span.first())
                .number("last", span.last())
                .text("verdict", span.verdict().name()));
  }

  /** Writes RFC 4180, with line feeds alone. */
  void csv(PrintWriter out) {
    out.print("from,to,protocol,first_port,last_port,verdict\n");
    for (Reach reach : matrix.reaches()) {
      String ends = quote(reach.from().label()) + "," + quote(reach.to().label());
      for (Span span : reach.spans()) {
        out.print(
            String.join(
                    ",",
                    ends,
                    span.protocol().name(),
                    Integer.toString(span.first()),
                    Integer.toString(span.last()),
                    span.verdict().name())
                + "\n");
      }
    }
  }

  private static String quote(String label) {
    String text = Printable.of(label);
    return text.matches("[\\w./-]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
