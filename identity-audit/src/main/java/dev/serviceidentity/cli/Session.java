// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;

/** Where a command reads from, where its answer goes, its errors, and its progress. */
record Session(
    StandardInput in,
    PrintWriter out,
    Consumer<String> problems,
    Progress progress,
    Surroundings surroundings) {

  /** What a process has besides its streams. */
  record Surroundings(Clock clock, Map<String, String> environment) {}

  Clock clock() {
    return surroundings.clock;
  }

  Map<String, String> environment() {
    return surroundings.environment;
  }

  /** Prints text of several lines, each made safe. */
  void print(String text) {
    text.lines().map(Printable::of).forEach(line -> out.print(line + "\n"));
  }
}
