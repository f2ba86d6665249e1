// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.spi.BackgroundThread;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread that changes what is known. Changes that arrive together are applied together;
 * whoever brings more than it can take waits.
 */
final class Updater implements AutoCloseable {
  private static final int ROOM = 1_024;
  private static final int LARGEST_BATCH = 1_024;

  /** How soon it is noticed that a view has become stale. */
  private static final long TICK_MILLIS = 500;

  private final BlockingQueue<Runnable> changes = new ArrayBlockingQueue<>(ROOM);
  private final BackgroundThread thread = new BackgroundThread("identity-kubernetes-view");
  private final Runnable afterwards;
  private final Consumer<Throwable> broken;
  private volatile boolean closed;
  private volatile boolean failed;

  /**
   * Starts nothing yet.
   *
   * @param afterwards what is to be done after some changes, and now and then without
   * @param broken is told if a change or what follows it fails, after which no more are made
   */
  Updater(Runnable afterwards, Consumer<Throwable> broken) {
    this.afterwards = afterwards;
    this.broken = broken;
  }

  void start() {
    thread.execute(this::run);
  }

  /** Waits while there is no room. */
  void put(Runnable change) throws InterruptedException {
    do {
      if (closed || failed) {
        throw new InterruptedException("The view has ended");
      }
    } while (!changes.offer(change, TICK_MILLIS, TimeUnit.MILLISECONDS));
  }

  private void run() {
    try {
      while (true) {
        Runnable change = changes.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        for (int i = 0; change != null && i < LARGEST_BATCH; i++) {
          change.run();
          change = changes.poll();
        }
        if (change != null) {
          change.run();
        }
        afterwards.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // What is known may be half changed: nothing must be decided by it any more. That holds for
      // an error such as that memory is short, too.
      failed = true;
      changes.clear();
      broken.accept(e);
    }
  }

  /** Whether it has ended without being closed; what is known is not kept up to date any more. */
  boolean hasFailed() {
    return failed;
  }

  @Override
  public void close() {
    closed = true;
    thread.close();
  }
}
