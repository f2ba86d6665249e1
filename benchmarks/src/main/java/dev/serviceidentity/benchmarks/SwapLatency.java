// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * How long it takes from the moment at which a new version of a secret begins to be written, as the
 * kubelet does it, until connections are made with it, by the wall clock: until the generation is
 * in use, and until the end of the first handshake that shows the new certificate.
 */
public final class SwapLatency {
  private static final int WARM_UP = 100;
  private static final int SWAPS = 1_000;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final TlsWorld world;
  private final MtlsIdentity orders;
  private final SSLContext clients;
  private final MemoryConnection connection = new MemoryConnection();
  private final Random random = new Random(1);
  private final double[] written = new double[SWAPS];
  private final double[] used = new double[SWAPS];
  private final double[] handshake = new double[SWAPS];
  private final double[] shown = new double[SWAPS];

  private SwapLatency(TlsWorld world) {
    var contexts = world.ours(builder -> builder);
    this.world = world;
    this.orders = world.server();
    this.clients = contexts.client();
  }

  /**
   * Measures and prints.
   *
   * @param args none
   * @throws Exception if a handshake fails
   */
  public static void main(String[] args) throws Exception {
    try (var world = new TlsWorld()) {
      var latency = new SwapLatency(world);
      for (int swap = -WARM_UP; swap < SWAPS; swap++) {
        latency.swap(swap);
      }
      System.out.printf(
          "%n| %,d swaps of ..data, JDK %s | median | p99 | longest |%n|---|---|---|---|%n",
          SWAPS, System.getProperty("java.version"));
      print("writing it", latency.written);
      print("from then until it is in use", latency.used);
      print("the first handshake, both ends", latency.handshake);
      print("all together", latency.shown);
    }
  }

  private void swap(int index) throws Exception {
    IssuedCertificate issued = world.issue("orders");
    // Not in step with the thread that has just read the last one.
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(5_000 + random.nextInt(10_000)));
    long before = orders.current().generation();
    long start = System.nanoTime();
    issued.writeTo(world.files("orders"));
    long isWritten = System.nanoTime();
    while (orders.current().generation() == before) {
      Thread.onSpinWait();
      if (System.nanoTime() - start > LONGEST_NANOS) {
        throw new IllegalStateException("The new certificate does not come into use");
      }
    }
    long isUsed = System.nanoTime();
    var ends = connection.handshake(clients, TlsWorld.context(orders), "TLSv1.3");
    long isShown = System.nanoTime();
    connection.close(ends);
    if (!ends.client().getSession().getPeerCertificates()[0].equals(issued.chain().get(0))) {
      throw new IllegalStateException("The handshake shows another certificate");
    }
    if (index >= 0) {
      written[index] = (isWritten - start) / 1e6;
      used[index] = (isUsed - isWritten) / 1e6;
      handshake[index] = (isShown - isUsed) / 1e6;
      shown[index] = (isShown - start) / 1e6;
    }
  }

  private static void print(String what, double... millis) {
    Arrays.sort(millis);
    System.out.printf(
        "| %s | %.2f ms | %.2f ms | %.2f ms |%n",
        what, millis[SWAPS / 2], millis[SWAPS * 99 / 100], millis[SWAPS - 1]);
  }
}
