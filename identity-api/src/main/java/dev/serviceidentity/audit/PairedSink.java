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
      // Sinks may be foreign code: what one throws must not keep the other from its event.
      try {
        other.run();
      } catch (RuntimeException failedToo) {
        // The other one may be foreign code as well, and the first failure is the one to tell.
        failed.addSuppressed(failedToo);
      }
      throw failed;
    }
    other.run();
  }
}
