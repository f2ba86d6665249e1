// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * How long others wait while one source shows 50,000 random addresses, or identities, a second: a
 * caller whose pod is known, and callers who come for the first time. Asks as the guard does, in a
 * view that does not watch all pods, of the cluster that {@code CLUSTER_KUBECONFIG} names.
 */
public final class LookUpFlood {
  private static final int PER_SECOND = 50_000;
  private static final int BATCHES_PER_SECOND = 1_000;
  private static final long KNOWN_EVERY = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NEW_EVERY = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int SECONDS = 30;
  private static final int WARM_UP_SECONDS = 5;
  private static final int NEW_CALLERS =
      (int)
          ((WARM_UP_SECONDS + SECONDS * Flood.values().length)
              * TimeUnit.SECONDS.toNanos(1)
              / NEW_EVERY);

  private final KubernetesNetwork network;
  private final FloodCluster cluster;
  private final LongAdder shown = new LongAdder();
  private final LongAdder found = new LongAdder();
  private int newcomers;

  private LookUpFlood(KubernetesNetwork network, FloodCluster cluster) {
    this.network = network;
    this.cluster = cluster;
  }

  /** What the flood shows. */
  private enum Flood {
    NONE("none"),
    ADDRESSES("random addresses, one identity"),
    IDENTITIES("random identities, one address"),
    BOTH("random identities from random addresses");

    private final String text;

    Flood(String text) {
      this.text = text;
    }
  }

  /**
   * Prints one line of a table for each kind of flood.
   *
   * @param arguments how many pods the cluster is to have; 1,000 if there is none
   */
  public static void main(String[] arguments) throws Exception {
    int pods = arguments.length == 0 ? 1_000 : Integer.parseInt(arguments[0]);
    Path kubeconfig = Path.of(System.getenv("CLUSTER_KUBECONFIG"));
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        FloodCluster cluster = FloodCluster.create(client, pods, NEW_CALLERS);
        KubernetesNetwork network =
            KubernetesNetwork.using(client)
                .ownPod(FloodCluster.NAMESPACE, "orders")
                .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
                .openTimeout(Duration.ofMinutes(1))
                .open()) {
      var measured = new LookUpFlood(network, cluster);
      measured.phase(Flood.NONE, WARM_UP_SECONDS);
      System.out.println(
          "| flood | shown a second | known caller, p50 / p99 / max | new caller, p50 / p99 / max"
              + " | not found | heap after |");
      System.out.println("|---|---|---|---|---|---|");
      for (Flood flood : Flood.values()) {
        System.out.println(measured.phase(flood, SECONDS));
      }
    }
  }

  private String phase(Flood flood, int seconds) throws Exception {
    shown.reset();
    found.reset();
    var over = new AtomicBoolean();
    var known = new Latencies(KNOWN_EVERY, seconds);
    var fresh = new Latencies(NEW_EVERY, seconds);
    Thread flooding = thread(() -> flood(flood, over));
    Thread knownOnes = thread(() -> known.run(i -> find(cluster.knownCaller(), cluster.known())));
    Thread newOnes = thread(() -> fresh.run(i -> findNew()));
    knownOnes.join();
    newOnes.join();
    over.set(true);
    flooding.join();
    return "| %s | %,d | %s | %s | %d | %d MB |"
        .formatted(
            flood.text,
            shown.sum() / seconds,
            known.summary(),
            fresh.summary(),
            known.size() + fresh.size() - found.sum(),
            usedMegabytes());
  }

  private static long usedMegabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "benchmark");
    thread.start();
    return thread;
  }

  private void findNew() {
    int number = newcomers++;
    find(cluster.newCaller(number), cluster.newAddress(number));
  }

  private void find(Caller caller, InetAddress address) {
    SourceAddress source = SourceAddress.ofSocket(address);
    Resolution known = network.resolve(caller, source);
    Resolution now =
        known instanceof Resolution.Unknown
            ? network.lookUp(caller, source).toCompletableFuture().join()
            : known;
    if (now instanceof Resolution.One) {
      found.increment();
    }
  }

  /** Nobody of the flood is waited for: its callers are many. */
  private void flood(Flood flood, AtomicBoolean over) {
    var random = new SplittableRandom(1);
    long next = System.nanoTime();
    Caller attacker = caller(FloodCluster.OTHERS, "evil");
    InetAddress evil = address(random);
    while (!over.get()) {
      for (int i = 0; flood != Flood.NONE && i < PER_SECOND / BATCHES_PER_SECOND; i++) {
        Caller caller =
            flood == Flood.ADDRESSES
                ? attacker
                : caller(FloodCluster.OTHERS, "evil-" + random.nextInt(Integer.MAX_VALUE));
        InetAddress from = flood == Flood.IDENTITIES ? evil : address(random);
        SourceAddress source = SourceAddress.ofSocket(from);
        if (network.resolve(caller, source) instanceof Resolution.Unknown) {
          var unused = network.lookUp(caller, source);
        }
        shown.increment();
      }
      next += TimeUnit.SECONDS.toNanos(1) / BATCHES_PER_SECOND;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  static Caller caller(String namespace, String account) {
    Instant now = Instant.now();
    return Caller.of(
        PrincipalId.parse("spiffe://shop.example/ns/" + namespace + "/sa/" + account),
        now,
        now.plusSeconds(3_600));
  }

  /** Of the network 10.64.0.0/10. */
  private static InetAddress address(SplittableRandom random) {
    int bits = 10 << 24 | 1 << 22 | random.nextInt(1 << 22);
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }

  /** Work at regular times, and how long after its time each piece was done. */
  private static final class Latencies {
    private final long every;
    private final long[] nanos;

    Latencies(long every, int seconds) {
      this.every = every;
      this.nanos = new long[(int) (TimeUnit.SECONDS.toNanos(seconds) / every)];
    }

    /** A piece of work by its number. */
    private interface Piece {
      void run(int number);
    }

    void run(Piece piece) {
      long due = System.nanoTime();
      for (int i = 0; i < nanos.length; i++) {
        due += every;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        piece.run(i);
        nanos[i] = System.nanoTime() - due;
      }
      Arrays.sort(nanos);
    }

    int size() {
      return nanos.length;
    }

    String summary() {
      return "%s / %s / %s".formatted(at(0.5), at(0.99), at(1));
    }

    private String at(double part) {
      long value = nanos[(int) Math.min(nanos.length - 1L, (long) (nanos.length * part))];
      return "%.2f ms".formatted(value / 1e6);
    }
  }
}
