// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What some work has taken.
 *
 * @param millis by the wall clock
 * @param requests that the KDC has answered
 * @param atOnce requests that were under way at one time
 * @param threads that there were more than before
 * @param peak bytes of heap in use at one time, what is garbage included, more than before
 * @param kept bytes of heap that are reachable after it, more than before
 */
record Footprint(double millis, long requests, int atOnce, int threads, long peak, long kept) {
  private static final int COLLECTIONS = 4;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<MemoryPoolMXBean> HEAP =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();

  /**
   * The JVM before the work.
   *
   * @param threads how many there are
   * @param used bytes of heap that are reachable
   */
  record Jvm(int threads, long used) {
    static Jvm quiet() {
      long used = reachable();
      HEAP.forEach(MemoryPoolMXBean::resetPeakUsage);
      THREADS.resetPeakThreadCount();
      return new Jvm(THREADS.getThreadCount(), used);
    }

    Footprint until(double millis, long requests, int atOnce) {
      long peak = HEAP.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
      int most = THREADS.getPeakThreadCount();
      return new Footprint(
          millis, requests, atOnce, most - threads, peak - used, reachable() - used);
    }

    private static long reachable() {
      // Some of the dead stay where they are, but at each fourth collection of the serial
      // collector.
      for (int i = 0; i < COLLECTIONS; i++) {
        System.gc();
      }
      return HEAP.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }
  }

  /** The median of each, and the longest time. */
  static void print(String name, Footprint[] rounds) {
    System.out.printf(
        "| %s | %.0f ms, %.0f ms | %.0f | %.0f | %.0f | %.1f MB | %,.0f kB |%n",
        name,
        median(rounds, Footprint::millis),
        Arrays.stream(rounds).mapToDouble(Footprint::millis).max().orElseThrow(),
        median(rounds, Footprint::requests),
        median(rounds, Footprint::atOnce),
        median(rounds, Footprint::threads),
        median(rounds, Footprint::peak) / 1e6,
        median(rounds, Footprint::kept) / 1e3);
  }

  private static double median(Footprint[] rounds, ToDoubleFunction<Footprint> field) {
    double[] sorted = Arrays.stream(rounds).mapToDouble(field).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
