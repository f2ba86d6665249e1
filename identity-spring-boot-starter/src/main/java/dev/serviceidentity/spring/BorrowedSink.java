// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AuditSink;

/**
 * A sink that is a bean and closed as such: it outlives every identity of the context that writes
 * to it.
 */
record BorrowedSink(AuditSink sink) implements AuditSink {
  @Override
  public void accept(AccessEvent event) {
    sink.accept(event);
  }
}
