// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.SyntheticCaller.ServiceSecret;
import dev.serviceidentity.kerberos.crypto.Workshop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What one acceptor does for four threads beside one: calls a second by the wall clock, which
 * others on the machine lower, and the processor time of a call, which grows by what threads that
 * share caches and the replay store do to each other.
 */
public final class AcceptorThreads {
  private static final int ROUNDS = 6;
  private static final int TOKENS = 20_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private AcceptorThreads() {}

  /** One round: the wall clock's time for all, and the processor time of all threads together. */
  private record Round(double wall, double processor) {}

  /**
   * Measures and prints a table.
   *
   * @param args the encryption type, 17 to 20
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    ServiceSecret secret = ServiceSecret.random(Integer.parseInt(args[0]));
    Path keytab = Files.createTempFile("orders", ".keytab");
    Files.write(keytab, secret.keytab());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      var bare = BareAcceptor.open(keytab, SyntheticCaller.SERVICE + "@" + SyntheticCaller.REALM);
      System.out.printf(
          "%n| etype %s, JDK %s | 1 thread | 4 threads | calls a second | processor time a call"
              + " |%n|---|---|---|---|---|%n",
          args[0], System.getProperty("java.version"));
      for (Arrival arrival :
          List.of(Arrival.COLD_MUTUAL, Arrival.WARM_MUTUAL, Arrival.WARM_NON_MUTUAL)) {
        Round one = best(1, arrival, secret, bare, threads);
        Round four = best(4, arrival, secret, bare, threads);
        System.out.printf(
            "| %s | %,.0f calls/s, %.2f µs | %,.0f calls/s, %.2f µs | × %.2f | × %.2f |%n",
            arrival.name(),
            1e9 / one.wall,
            one.processor / 1000,
            1e9 / four.wall,
            four.processor / 1000,
            one.wall / four.wall,
            four.processor / one.processor);
      }
    } finally {
      threads.shutdown();
      Files.delete(keytab);
    }
  }

  private static Round best(
      int parts, Arrival arrival, ServiceSecret secret, BareAcceptor bare, ExecutorService threads)
      throws Exception {
    var workshop = new Workshop();
    double wall = Double.MAX_VALUE;
    double processor = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      List<byte[]> tokens = arrival.tokens(TOKENS, secret, workshop);
      var work = new ArrayList<Callable<Long>>();
      for (int part = 0; part < parts; part++) {
        int first = part;
        work.add(() -> processorTime(tokens, first, parts, bare));
      }
      long start = System.nanoTime();
      List<Future<Long>> done = threads.invokeAll(work);
      wall = Math.min(wall, (System.nanoTime() - start) / (double) TOKENS);
      long sum = 0;
      for (Future<Long> part : done) {
        sum += part.get();
      }
      processor = Math.min(processor, sum / (double) TOKENS);
    }
    return new Round(wall, processor);
  }

  /** Each thread takes one of so many tokens. */
  private static long processorTime(List<byte[]> tokens, int first, int parts, BareAcceptor bare) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = first; i < tokens.size(); i += parts) {
      if (!bare.accepts(tokens.get(i))) {
        throw new IllegalStateException("Every token is good");
      }
    }
    return THREADS.getCurrentThreadCpuTime() - start;
  }
}
