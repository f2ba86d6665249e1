// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Work that may block and is done again and again, on a thread of its own and never twice at once.
 * While nothing is due there is no thread. Thread-safe.
 */
public final class RegularWork implements AutoCloseable {
  private final BackgroundThread thread;
  private final BooleanSupplier due;
  private final Runnable work;
  private final AtomicBoolean working = new AtomicBoolean();
  private final ScheduledFuture<?> regularly;

  private RegularWork(
      String name,
      ScheduledExecutorService scheduler,
      Duration pause,
      BooleanSupplier due,
      Runnable work) {
    this.thread = new BackgroundThread(name);
    this.due = due;
    this.work = work;
    long nanos = pause.toNanos();
    this.regularly =
        scheduler.scheduleWithFixedDelay(this::workSoon, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Begins after the first pause.
   *
   * @param name the thread's name, by custom {@code identity-...}
   * @param scheduler says when it is time
   * @param pause between two times; longer where the work itself takes longer
   * @param due says whether there is anything to do, without blocking
   * @param work may block; what it throws is logged, and it is done again
   * @return the work, to be closed by the caller
   */
  public static RegularWork start(
      String name,
      ScheduledExecutorService scheduler,
      Duration pause,
      BooleanSupplier due,
      Runnable work) {
    return new RegularWork(name, scheduler, pause, due, work);
  }

  /** Stops; work that is under way is interrupted. Closing twice does nothing. */
  @Override
  public void close() {
    regularly.cancel(false);
    thread.close();
  }

  private void workSoon() {
    if (due.getAsBoolean() && working.compareAndSet(false, true)) {
      thread.execute(this::workOnce);
    }
  }

  private void workOnce() {
    try {
      work.run();
    } finally {
      working.set(false);
    }
  }
}
