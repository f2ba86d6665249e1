// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Ways of doing one thing that take turns in one process, in another order each time, so that what
 * else the machine does meets all of them alike. Of each counts the median of what its turns cost
 * the thread; a way that is there twice shows what the ratios are worth.
 */
final class Turns {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final int calls;
  private final List<Way> ways = new ArrayList<>();
  private final Random order = new Random(1);

  /** One call, which tells whether it has done what it should. */
  @FunctionalInterface
  interface Call {
    boolean succeeds() throws Exception;
  }

  /**
   * Nothing to measure yet.
   *
   * @param calls in one turn, which should take some 0.1 ms at least
   */
  Turns(int calls) {
    this.calls = calls;
  }

  Turns add(String name, Call call) {
    ways.add(new Way(name, call));
    return this;
  }

  /** Gives each way its turns; those of the first time do not count. */
  Turns take(int warmUp, int turns) throws Exception {
    var shuffled = new ArrayList<>(ways);
    for (Way way : ways) {
      way.nanos = new double[turns];
      way.bytes = new double[turns];
    }
    for (int turn = -warmUp; turn < turns; turn++) {
      Collections.shuffle(shuffled, order);
      for (Way way : shuffled) {
        way.measure(calls, turn);
      }
    }
    return this;
  }

  /** Prints a table; ratios are to the first way. */
  void print(String what) {
    System.out.printf(
        "%n| %s, JDK %s | processor | allocated | ratio |%n|---|---|---|---|%n",
        what, System.getProperty("java.version"));
    double first = median(ways.get(0).nanos);
    for (Way way : ways) {
      double nanos = median(way.nanos);
      System.out.printf(
          "| %s | %s | %,.0f B | %.3f |%n",
          way.name, time(nanos), median(way.bytes), nanos / first);
    }
  }

  private static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String time(double nanos) {
    if (nanos < 10_000) {
      return String.format("%,.3f µs", nanos / 1000);
    }
    return String.format("%,.3f ms", nanos / 1_000_000);
  }

  private static final class Way {
    private final String name;
    private final Call call;
    private double[] nanos = {};
    private double[] bytes = {};

    Way(String name, Call call) {
      this.name = name;
      this.call = call;
    }

    void measure(int calls, int turn) throws Exception {
      long thread = Thread.currentThread().getId();
      long allocated = THREADS.getThreadAllocatedBytes(thread);
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < calls; i++) {
        if (!call.succeeds()) {
          throw new IllegalStateException("Every call succeeds: " + name);
        }
      }
      double took = THREADS.getCurrentThreadCpuTime() - start;
      allocated = THREADS.getThreadAllocatedBytes(thread) - allocated;
      if (turn >= 0) {
        nanos[turn] = took / calls;
        bytes[turn] = allocated / (double) calls;
      }
    }
  }
}
