// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AuditSink;
import java.io.PrintStream;

/** Prints a line for each decision, from a certain moment on. */
final class LiveEvents implements AuditSink {
  private final PrintStream out;
  private volatile boolean begun;

  LiveEvents(PrintStream out) {
    this.out = out;
  }

  void begin() {
    begun = true;
  }

  @Override
  public void accept(AccessEvent event) {
    if (begun) {
      out.println(event.summary());
    }
  }
}
