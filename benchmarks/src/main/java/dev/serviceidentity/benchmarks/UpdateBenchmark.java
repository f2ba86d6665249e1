// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Compiling 10,000 pods and 1,000 policies, and following one change among them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdateBenchmark {
  private static final int POLICIES = 1000;

  private final PodFacts[] pods = new PodFacts[2];
  private final NamespaceFacts[] namespaces = new NamespaceFacts[2];
  private final PolicyFacts[] policies = new PolicyFacts[2];
  private ClusterFacts facts;
  private PolicyEngine engine;
  private int turn;

  /** Makes the cluster. */
  @Setup
  public void setUp() {
    facts = SyntheticCluster.facts(POLICIES);
    engine = PolicyEngine.compile(facts, Assumptions.DEFAULT);
    pods[0] = SyntheticCluster.pod(4711, "v1");
    pods[1] = SyntheticCluster.pod(4711, "v2");
    namespaces[0] = SyntheticCluster.namespace(47);
    namespaces[1] = new NamespaceFacts("ns47", Map.of("team", "other"));
    policies[0] = SyntheticCluster.policy(47);
    policies[1] =
        new PolicyFacts(
            "ns47", "policy47", policies[0].subject(), SyntheticCluster.policy(48).rules());
  }

  /** From facts to an engine that can be asked. */
  @Benchmark
  public PolicyEngine compile() {
    return PolicyEngine.compile(facts, Assumptions.DEFAULT);
  }

  /** A pod's labels change, those that policies look at included. */
  @Benchmark
  public PolicyEngine onePod() {
    engine = engine.with(pods[turn ^= 1]);
    return engine;
  }

  /** A namespace of 100 pods changes its labels. */
  @Benchmark
  public PolicyEngine oneNamespace() {
    engine = engine.with(namespaces[turn ^= 1]);
    return engine;
  }

  /** A policy changes its rules. */
  @Benchmark
  public PolicyEngine onePolicy() {
    engine = engine.with(policies[turn ^= 1]);
    return engine;
  }
}
