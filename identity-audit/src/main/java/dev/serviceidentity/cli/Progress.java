// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells somebody who watches how far long work has come. */
final class Progress {
  private static final long LONG_MILLIS = 1_000;
  private static final long STEP_MILLIS = 100;

  private final @Nullable PrintStream watcher;
  private final Clock clock;
  private @Nullable Long started;
  private long shown;

  Progress(@Nullable PrintStream watcher, Clock clock) {
    this.watcher = watcher;
    this.clock = clock;
  }

  /** Says that some of all is done; shown from a second of work on, and wiped at the end. */
  void tell(String what, long done, long all) {
    if (watcher == null) {
      return;
    }
    long now = clock.millis();
    if (started == null) {
      started = now;
      shown = now + LONG_MILLIS - STEP_MILLIS;
    }
    if (done == all) {
      wipe(what, watcher, now - started >= LONG_MILLIS);
    } else if (now - shown >= STEP_MILLIS) {
      watcher.printf("\r%s %3d%%", what, done * 100 / all);
      watcher.flush();
      shown = now;
    }
  }

  /** Says what is being done while nobody can tell how far it has come. */
  <T> T during(String what, Supplier<T> work) {
    if (watcher == null) {
      return work.get();
    }
    watcher.printf("\r%s …", Printable.of(what));
    watcher.flush();
    try {
      return work.get();
    } finally {
      wipe(what, watcher, true);
    }
  }

  private void wipe(String what, PrintStream terminal, boolean wasShown) {
    if (wasShown) {
      terminal.print("\r" + " ".repeat(what.length() + 6) + "\r");
      terminal.flush();
    }
    started = null;
  }
}
