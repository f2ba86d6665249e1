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
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;

/** What the compiled view of 10,000 pods and 1,000 policies keeps on the heap. */
public final class HeapOfView {
  private static final double MEGABYTE = 1 << 20;

  private HeapOfView() {}

  /**
   * Measures and prints.
   *
   * @param args none
   */
  public static void main(String[] args) {
    var kept = new ArrayList<Object>();
    long empty = used();
    ClusterFacts facts = SyntheticCluster.facts(1000);
    kept.add(facts);
    long withFacts = used();
    PolicyEngine engine = PolicyEngine.compile(facts, Assumptions.DEFAULT);
    kept.add(engine);
    long compiled = used();
    PolicyView view = PolicyView.of(engine);
    kept.add(view);
    askAll(view, 1);
    long oneAsked = used();
    askAll(view, 200);
    long manyAsked = used();
    report("the facts themselves", withFacts - empty);
    report("the compiled view beside the facts", compiled - withFacts);
    report("and one pod that all others have called", oneAsked - withFacts);
    report("and 200 such pods of 200 workloads", manyAsked - withFacts);
    report("facts and view together, 200 pods asked", manyAsked - empty);
    if (kept.isEmpty()) {
      throw new IllegalStateException("What is measured must be alive");
    }
  }

  private static void askAll(PolicyView view, int subjects) {
    List<byte[]> callers = new ArrayList<>();
    for (int i = 0; i < SyntheticCluster.PODS; i++) {
      long bits = SyntheticCluster.address(i).low();
      callers.add(
          new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
    }
    for (int i = 0; i < subjects; i++) {
      Vantage own = view.at(SyntheticCluster.address(i * 50));
      callers.forEach(caller -> own.judge(Direction.INGRESS, caller, Protocol.TCP, 8080));
    }
  }

  private static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < 3; i++) {
      memory.gc();
    }
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static void report(String what, long bytes) {
    System.out.printf("%-45s %6.1f MB%n", what, bytes / MEGABYTE);
  }
}
