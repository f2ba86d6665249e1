// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import dev.serviceidentity.identity.MechanismName;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;

/**
 * A runtime with a thread of its own, for whoever owns mechanisms: the layered guard, or a
 * mechanism that is used alone. Closing it stops the thread.
 */
public final class OwnedRuntime implements AutoCloseable {
  private final IdentityRuntime runtime;
  private final ScheduledThreadPoolExecutor scheduler;

  private OwnedRuntime(IdentityRuntime runtime, ScheduledThreadPoolExecutor scheduler) {
    this.runtime = runtime;
    this.scheduler = scheduler;
  }

  /**
   * Makes the runtime; its thread starts with the first task.
   *
   * @param clock the source of the time of day
   * @param handshakes hears of early refusals
   * @param configured all mechanisms of the owner
   * @param openTimeout the longest wait for a first credential
   * @return the runtime, to be closed by the caller
   */
  public static OwnedRuntime start(
      Clock clock,
      Consumer<RefusedHandshake> handshakes,
      Set<MechanismName> configured,
      Duration openTimeout) {
    var scheduler = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("identity-scheduler"));
    scheduler.setRemoveOnCancelPolicy(true);
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return new OwnedRuntime(
        new IdentityRuntime(clock, scheduler, handshakes, configured, openTimeout), scheduler);
  }

  /**
   * What to open mechanisms with.
   *
   * @return usable until this is closed
   */
  public IdentityRuntime runtime() {
    return runtime;
  }

  /** Stops the thread; tasks that have not begun do not run. Closing twice does nothing. */
  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
