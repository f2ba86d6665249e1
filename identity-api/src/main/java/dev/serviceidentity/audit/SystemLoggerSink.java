// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import dev.serviceidentity.audit.AccessEvent.Decision;
import java.lang.System.Logger.Level;

/** Events as log lines. */
final class SystemLoggerSink implements AuditSink {
  private static final System.Logger LOG = System.getLogger("dev.serviceidentity.audit");

  @Override
  public void accept(AccessEvent event) {
    boolean plain = event.outcome().decision() == Decision.ADMITTED && event.outcome().enforced();
    LOG.log(plain ? Level.DEBUG : Level.INFO, event::summary);
  }
}
