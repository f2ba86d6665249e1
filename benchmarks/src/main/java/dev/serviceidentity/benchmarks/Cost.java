// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.serviceidentity.mechanism.RequestCredentials;
import java.lang.management.ManagementFactory;
import java.util.function.IntPredicate;

/** What one call costs its thread: the least processor time and bytes of several rounds. */
final class Cost {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private double nanos = Double.MAX_VALUE;
  private double bytes = Double.MAX_VALUE;

  /** One round of calls that all succeed. */
  void measure(int calls, IntPredicate call) {
    long thread = Thread.currentThread().getId();
    long allocated = THREADS.getThreadAllocatedBytes(thread);
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < calls; i++) {
      if (!call.test(i)) {
        throw new IllegalStateException("Every call succeeds");
      }
    }
    nanos = Math.min(nanos, (THREADS.getCurrentThreadCpuTime() - start) / (double) calls);
    allocated = THREADS.getThreadAllocatedBytes(thread) - allocated;
    bytes = Math.min(bytes, allocated / (double) calls);
  }

  /** Writes the token where a request would have it. */
  static boolean applies(RequestCredentials credentials) {
    int[] length = new int[1];
    credentials.applyTo((name, value) -> length[0] = value.length());
    return length[0] > 100;
  }

  static void printHead(String what) {
    System.out.printf(
        "%n| %s, JDK %s | native | JGSS | ratio |%n|---|---|---|---|%n",
        what, System.getProperty("java.version"));
  }

  static void print(String name, Cost own, Cost jgss) {
    System.out.printf(
        "| %s | %.2f µs, %,.0f B | %.1f µs, %,.0f B | %.1f |%n",
        name, own.nanos / 1000, own.bytes, jgss.nanos / 1000, jgss.bytes, jgss.nanos / own.nanos);
  }
}
