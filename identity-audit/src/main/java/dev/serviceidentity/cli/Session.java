// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Where a command's answer goes, its errors, and its progress. */
record Session(PrintWriter out, Consumer<String> problems, Progress progress) {

  /** Prints text of several lines, each made safe. */
  void print(String text) {
    text.lines().map(Printable::of).forEach(line -> out.print(line + "\n"));
  }
}
