// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.k8s.policy.PolicyView;
import dev.serviceidentity.k8s.policy.Vantage;
import dev.serviceidentity.network.Flow.Protocol;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.UnknownHostException;
import java.util.function.Supplier;

/**
 * The same calls by the processor time of their thread: for machines that others use at the same
 * time, where the wall clock mostly measures the others. The best of several rounds counts; caches
 * are still shared, so that this is an upper bound. One call a process, so that the compiler sees
 * that call alone.
 */
public final class CpuTime {
  private static final int ROUNDS = 12;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  /**
   * Measures and prints.
   *
   * @param args a call with the parameters of {@link DecisionBenchmark}, or a change of {@link
   *     UpdateBenchmark}
   * @throws UnknownHostException never: addresses are given as numbers
   */
  public static void main(String[] args) throws UnknownHostException {
    if (args.length == 4) {
      decision(args[0], decisions(args));
    } else if (args.length == 1) {
      update(args[0]);
    } else {
      System.err.println("usage: CpuTime CALL POLICIES CALLERS ORIGIN | CpuTime CHANGE");
    }
  }

  private static DecisionBenchmark decisions(String... args) throws UnknownHostException {
    var decisions = new DecisionBenchmark();
    decisions.policies = Integer.parseInt(args[1]);
    decisions.callers = Integer.parseInt(args[2]);
    decisions.origin = DecisionBenchmark.Origin.valueOf(args[3]);
    decisions.setUp();
    System.out.printf("%4s policies, %4s callers %-8s", args[1], args[2], args[3]);
    return decisions;
  }

  private static void decision(String call, DecisionBenchmark decisions) {
    switch (call) {
      case "byAddress" -> report(call, 2_000_000, decisions::byAddress);
      case "byHandle" -> report(call, 5_000_000, decisions::byHandle);
      case "byManyHandles" -> report(call, 5_000_000, decisions::byManyHandles);
      case "byFlow" -> report(call, 1_000_000, decisions::byFlow);
      case "scanOfAllPolicies" -> report(call, 20_000, decisions::scanOfAllPolicies);
      default -> throw new IllegalArgumentException(call);
    }
  }

  private static void update(String change) {
    var updates = new UpdateBenchmark();
    updates.setUp();
    switch (change) {
      case "compile" -> report(change, 3, updates::compile);
      case "onePod" -> report(change, 2_000, updates::onePod);
      case "oneNamespace" -> report(change, 20, updates::oneNamespace);
      case "onePolicy" -> report(change, 500, updates::onePolicy);
      case "firstQuestion" -> firstQuestions();
      default -> throw new IllegalArgumentException(change);
    }
  }

  private static void report(String what, int calls, Supplier<Object> call) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < calls; i++) {
        if (call.get() == null) {
          throw new IllegalStateException("Every call has an answer");
        }
      }
      best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / (double) calls);
    }
    System.out.printf("%-18s %,14.1f ns%n", what, best);
  }

  /** Each question is about kinds that were not asked about before, so that a line is filled. */
  private static void firstQuestions() {
    ClusterFacts facts = SyntheticCluster.facts(1000);
    int stride = 5;
    int questions = 0;
    PolicyView view = PolicyView.of(PolicyEngine.compile(facts, Assumptions.DEFAULT));
    long start = THREADS.getCurrentThreadCpuTime();
    for (int own = 0; own < SyntheticCluster.PODS; own += 50 * stride) {
      Vantage vantage = view.at(SyntheticCluster.address(own));
      for (int peer = 0; peer < SyntheticCluster.PODS; peer += stride) {
        long bits = SyntheticCluster.address(peer).low();
        byte[] address = {
          (byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits
        };
        vantage.judge(Direction.INGRESS, address, Protocol.TCP, 8080);
        questions++;
      }
    }
    double each = (THREADS.getCurrentThreadCpuTime() - start) / (double) questions;
    System.out.printf("%-18s %,14.1f ns (mean of %,d)%n", "firstQuestion", each, questions);
  }
}
