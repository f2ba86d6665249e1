// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spi.IdentityRuntime;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A runtime whose seconds are some milliseconds long, for tests that move the clock by hand. */
final class BriskRuntime extends ScheduledThreadPoolExecutor implements AutoCloseable {
  private final IdentityRuntime runtime;

  BriskRuntime(Clock clock) {
    super(1);
    this.runtime =
        new IdentityRuntime(
            clock, this, refused -> {}, Set.of(MechanismName.KERBEROS), Duration.ofMinutes(1));
  }

  IdentityRuntime runtime() {
    return runtime;
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable work, long first, long pause, TimeUnit unit) {
    return super.scheduleWithFixedDelay(work, 5, 5, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    shutdownNow();
  }
}
