// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Tells somebody who watches how far long work has come. */
record Progress(@Nullable PrintStream watcher) {
  private static final long LONG = 20_000;
  private static final long STEPS = 100;

  /** Says that some of all is done; shown where it is a hundredth more, and wiped at the end. */
  void tell(String what, long done, long all) {
    if (watcher == null || all < LONG) {
      return;
    }
    if (done == all) {
      watcher.print("\r" + " ".repeat(what.length() + 6) + "\r");
    } else if (done % (all / STEPS) == 0) {
      watcher.printf("\r%s %3d%%", what, done * STEPS / all);
    }
    watcher.flush();
  }
}
