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
import java.lang.management.ManagementFactory;
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
 * One decision about an incoming connection, in a cluster of 10,000 pods. The callers are asked in
 * turn: of 1,024, neither branch predictor nor the fastest cache knows who comes next; of one, both
 * do. Each call reads the view once, which is the check that it is current; by address, hashing and
 * looking up the address is inside.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {
  private static final int PORT = 8080;

  /** How many policies the cluster has. */
  @Param({"20", "200", "1000"})
  public int policies;

  /** How many callers there are; a power of two. */
  @Param("1024")
  public int callers;

  /** Where they are. */
  @Param("MIXED")
  public Origin origin;

  /** Where callers are. */
  public enum Origin {
    /** Pods of the whole cluster. */
    INSIDE,
    /** Outside the cluster, three of four in a block that a policy may name. */
    OUTSIDE,
    /** One in sixteen outside. */
    MIXED
  }

  private IpAddress[] peers;
  private byte[][] addresses;
  private HeldPeer[] held;
  private Flow[] flows;
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
    peers = new IpAddress[callers];
    addresses = new byte[callers][];
    held = new HeldPeer[callers];
    flows = new Flow[callers];
    var random = new Random(7);
    for (int i = 0; i < callers; i++) {
      boolean outside =
          origin == Origin.OUTSIDE || (origin == Origin.MIXED && random.nextInt(16) == 0);
      peers[i] = outside ? outside(random) : inside(random);
      InetAddress address = InetAddress.getByName(peers[i].toString());
      addresses[i] = address.getAddress();
      held[i] = vantage.hold(Direction.INGRESS, peers[i]);
      flows[i] =
          new Flow(
              FlowEnd.of(address),
              FlowEnd.pod(own.namespace(), own.pod().name()),
              PORT,
              Protocol.TCP,
              Side.INGRESS);
    }
    oneHeld = held[0];
    // A cluster has been known for a while. Until the first collection its objects stand far apart
    // among what compiling left behind, and the processor looks up a page of memory for each.
    ManagementFactory.getMemoryMXBean().gc();
  }

  private static IpAddress inside(Random random) {
    return SyntheticCluster.address(1 + random.nextInt(SyntheticCluster.PODS - 1));
  }

  private static IpAddress outside(Random random) {
    String start = random.nextInt(4) == 0 ? "198.51" : "172." + (16 + random.nextInt(16));
    return IpAddress.parse(start + "." + random.nextInt(64) + "." + random.nextInt(256));
  }

  private int next() {
    next = (next + 1) & (callers - 1);
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
    return scan.admitsIngress(own, peers[next()], Protocol.TCP, PORT);
  }
}
