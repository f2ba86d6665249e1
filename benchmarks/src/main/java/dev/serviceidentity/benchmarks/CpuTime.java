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
 * are still shared, so that this is an upper bound.
 */
public final class CpuTime {
  private static final int ROUNDS = 12;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  /**
   * Measures and prints.
   *
   * @param args how many policies; 1,000 unless given
   */
  public static void main(String[] args) throws UnknownHostException {
    var decisions = new DecisionBenchmark();
    decisions.policies = args.length == 0 ? 1000 : Integer.parseInt(args[0]);
    decisions.setUp();
    System.out.printf("%d policies%n", decisions.policies);
    report("byAddress", 2_000_000, decisions::byAddress);
    report("byHandle", 5_000_000, decisions::byHandle);
    report("byManyHandles", 5_000_000, decisions::byManyHandles);
    report("byFlow", 200_000, decisions::byFlow);
    report("scanOfAllPolicies", 20_000, decisions::scanOfAllPolicies);
    if (decisions.policies == 1000) {
      var updates = new UpdateBenchmark();
      updates.setUp();
      report("compile", 3, updates::compile);
      report("onePod", 2_000, updates::onePod);
      report("oneNamespace (100 pods)", 20, updates::oneNamespace);
      report("onePolicy", 500, updates::onePolicy);
      firstQuestions();
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
    System.out.printf("  %-25s %,14.1f ns%n", what, best);
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
    System.out.printf("  %-25s %,14.1f ns (mean of %,d)%n", "first question", each, questions);
  }
}
