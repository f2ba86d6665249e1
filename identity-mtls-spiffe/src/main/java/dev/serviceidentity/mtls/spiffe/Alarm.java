// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What is to happen if nothing else does until then: one thing at most. */
final class Alarm {
  private final Agent agent;
  private @Nullable Future<?> next;

  Alarm(Agent agent) {
    this.agent = agent;
  }

  /** Instead of what was to happen until now; on the thread of the agent. */
  void set(Duration pause, Runnable work) {
    stop();
    next = agent.schedule(pause, work);
  }

  void stop() {
    if (next != null) {
      next.cancel(false);
    }
  }
}
