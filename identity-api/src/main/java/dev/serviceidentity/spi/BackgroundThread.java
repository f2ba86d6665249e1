// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread with a bounded queue, for work that may block. It exists while there is work;
 * work that finds no room is dropped and logged. Thread-safe.
 */
public final class BackgroundThread implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BackgroundThread.class.getName());
  private static final int ROOM = 256;
  private static final int IDLE_SECONDS = 30;

  private final ThreadPoolExecutor executor;

  /**
   * No thread before there is work.
   *
   * @param name the thread's name, by custom {@code identity-...}
   */
  public BackgroundThread(String name) {
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(ROOM),
            DaemonThreads.named(name),
            (work, full) -> {
              if (!full.isShutdown()) {
                LOG.log(Level.WARNING, "{0} does not keep up; work is dropped", name);
              }
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Does the work later, one piece after the other. After closing, does nothing.
   *
   * @param work may block; what it throws is logged
   */
  public void execute(Runnable work) {
    executor.execute(() -> runLogged(work));
  }

  /** Stops; what has begun is interrupted, and what has not is forgotten. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  private static void runLogged(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error failed) {
      // The outermost loop of this thread: the next piece of work must still be done, also where
      // memory was short for this one; nobody else would tell of it.
      LOG.log(Level.WARNING, "Work in the background failed", failed);
    }
  }
}
