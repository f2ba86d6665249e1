// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that all begin at once. */
public final class Crowd {
  private Crowd() {}

  /** One thread's part. */
  @FunctionalInterface
  public interface Part {
    void run(int thread) throws Exception;
  }

  /** Runs the part on each thread, and fails if one of them does. */
  public static void run(int threads, Part part) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      var start = new CyclicBarrier(threads);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        all.add(
            pool.submit(
                () -> {
                  start.await();
                  part.run(thread);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        finish(one);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void finish(Future<?> one) throws InterruptedException, TimeoutException {
    try {
      one.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError("a thread failed", failed.getCause());
    }
  }
}
