// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

/** Two sinks; the failure of one keeps no event from the other. */
record PairedSink(AuditSink first, AuditSink second) implements AuditSink {
  @Override
  public void accept(AccessEvent event) {
    try {
      first.accept(event);
    } finally {
      second.accept(event);
    }
  }

  @Override
  public void close() {
    try {
      first.close();
    } finally {
      second.close();
    }
  }
}
