// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.HeldPeer;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.Judgement;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.k8s.policy.PolicyView;
import dev.serviceidentity.k8s.policy.Vantage;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision about an incoming connection, in a cluster of 10,000 pods. The callers are 1,024
 * pods of the whole cluster and addresses outside, asked in turn, so that neither branch predictor
 * nor cache knows who comes next. Each call reads the view once, which is the check that it is
 * current; by address, hashing and looking up the address is inside.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {
  private static final int CALLERS = 1024;
  private static final int PORT = 8080;

  /** How many policies the cluster has. */
  @Param({"20", "200", "1000"})
  public int policies;

  private final IpAddress[] callers = new IpAddress[CALLERS];
  private final byte[][] addresses = new byte[CALLERS][];
  private final HeldPeer[] held = new HeldPeer[CALLERS];
  private final Flow[] flows = new Flow[CALLERS];
  private Vantage vantage;
  private HeldPeer oneHeld;
  private PolicyView view;
  private ScanningEvaluator scan;
  private PodFacts own;
  private int next;

  /** Makes the cluster and asks once about every caller. */
  @Setup
  public void setUp() throws UnknownHostException {
    ClusterFacts facts = SyntheticCluster.facts(policies);
    own = facts.pods().get(0);
    scan = new ScanningEvaluator(facts);
    view = PolicyView.of(PolicyEngine.compile(facts, Assumptions.DEFAULT));
    vantage = view.at(SyntheticCluster.address(0));
    var random = new Random(7);
    for (int i = 0; i < CALLERS; i++) {
      callers[i] =
          i % 16 == 0
              ? IpAddress.parse("172." + (16 + i % 16) + ".0." + i % 256)
              : SyntheticCluster.address(1 + random.nextInt(SyntheticCluster.PODS - 1));
      InetAddress address = InetAddress.getByName(callers[i].toString());
      addresses[i] = address.getAddress();
      held[i] = vantage.hold(Direction.INGRESS, callers[i]);
      flows[i] =
          new Flow(
              FlowEnd.of(address),
              FlowEnd.pod(own.namespace(), own.pod().name()),
              PORT,
              Protocol.TCP,
              Side.INGRESS);
    }
    oneHeld = held[1];
  }

  private int next() {
    next = (next + 1) & (CALLERS - 1);
    return next;
  }

  /** By the bytes of the caller's address, another at each call. */
  @Benchmark
  public Judgement byAddress() {
    return vantage.judge(Direction.INGRESS, addresses[next()], Protocol.TCP, PORT);
  }

  /** By a handle held for the caller, as for the requests of one connection. */
  @Benchmark
  public Judgement byHandle() {
    return oneHeld.judge(Protocol.TCP, PORT);
  }

  /** By handles of many callers, another at each call. */
  @Benchmark
  public Judgement byManyHandles() {
    return held[next()].judge(Protocol.TCP, PORT);
  }

  /** By a whole flow. */
  @Benchmark
  public Verdict byFlow() {
    return view.engine().verdict(flows[next()]);
  }

  /** The straightforward way. */
  @Benchmark
  public boolean scanOfAllPolicies() {
    return scan.admitsIngress(own, callers[next()], Protocol.TCP, PORT);
  }
}
