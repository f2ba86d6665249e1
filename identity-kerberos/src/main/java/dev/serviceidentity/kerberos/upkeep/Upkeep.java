// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.upkeep;

import dev.serviceidentity.spi.BackgroundThread;
import dev.serviceidentity.spi.IdentityRuntime;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does what is due each second, on a thread that may block. The time of day is compared anew each
 * time: a timer set for hours ahead would miss that the host has slept or its clock was set.
 */
public final class Upkeep {
  private static final long PERIOD_SECONDS = 1;

  private final BackgroundThread thread;
  private final Runnable work;
  private final Future<?> timer;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * Begins after a second.
   *
   * @param runtime whose scheduler gives the pace
   * @param thread which may block
   * @param work what is done
   */
  public Upkeep(IdentityRuntime runtime, BackgroundThread thread, Runnable work) {
    this.thread = thread;
    this.work = work;
    this.timer =
        runtime
            .scheduler()
            .scheduleWithFixedDelay(this::begin, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** Begins nothing more; what has begun ends with its thread. */
  public void stop() {
    timer.cancel(false);
  }

  /** On the owner's scheduler: hands the work on, unless the last piece still waits for a KDC. */
  private void begin() {
    if (busy.compareAndSet(false, true)) {
      thread.execute(this::run);
    }
  }

  private void run() {
    try {
      work.run();
    } finally {
      busy.set(false);
    }
  }
}
