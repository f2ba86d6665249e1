// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

/** Two sinks; the failure of one keeps no event from the other. */
record PairedSink(AuditSink first, AuditSink second) implements AuditSink {
  @Override
  public void accept(AccessEvent event) {
    both(() -> first.accept(event), () -> second.accept(event));
  }

  @Override
  public void close() {
    both(first::close, second::close);
  }

  private static void both(Runnable one, Runnable other) {
    try {
      one.run();
    } catch (RuntimeException failed) {
      try {
        other.run();
      } catch (RuntimeException failedToo) {
        failed.addSuppressed(failedToo);
      }
      throw failed;
    }
    other.run();
  }
}
