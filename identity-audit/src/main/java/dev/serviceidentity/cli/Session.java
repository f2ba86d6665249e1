// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.function.Consumer;

/** Where a command reads from, where its answer goes, its errors, and its progress. */
record Session(
    StandardInput in, PrintWriter out, Consumer<String> problems, Progress progress, Clock clock) {

  /** Prints text of several lines, each made safe. */
  void print(String text) {
    text.lines().map(Printable::of).forEach(line -> out.print(line + "\n"));
  }
}
