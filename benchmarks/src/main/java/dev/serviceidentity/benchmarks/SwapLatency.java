// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * How long it takes from the moment at which {@code ..data} of a mounted secret leads to a new
 * version, as the kubelet does it, until connections are made with that, by the wall clock: until
 * the generation is in use, and until the end of the first handshake that shows the new
 * certificate.
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
  private final ExecutorService kubelet = Executors.newSingleThreadExecutor();
  private final Path link;
  private final double[] used = new double[SWAPS];
  private final double[] handshake = new double[SWAPS];
  private final double[] shown = new double[SWAPS];

  private SwapLatency(TlsWorld world) {
    var contexts = world.ours(builder -> builder);
    this.world = world;
    this.orders = world.server();
    this.clients = contexts.client();
    this.link = world.files("orders").resolve("..data");
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
      latency.kubelet.shutdown();
      System.out.printf(
          "%n| %,d swaps of ..data, JDK %s | median | p99 | longest |%n|---|---|---|---|%n",
          SWAPS, System.getProperty("java.version"));
      print("from the swap until it is in use", latency.used);
      print("the first handshake, both ends", latency.handshake);
      print("both together", latency.shown);
    }
  }

  private void swap(int index) throws Exception {
    IssuedCertificate issued = world.issue("orders");
    // Not in step with the thread that has just read the last one.
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(5_000 + random.nextInt(10_000)));
    long before = orders.current().generation();
    Path old = Files.readSymbolicLink(link);
    Future<?> writing = kubelet.submit(() -> issued.writeTo(world.files("orders")));
    long swapped = until(() -> !Files.readSymbolicLink(link).equals(old));
    long isUsed = until(() -> orders.current().generation() > before);
    var ends = connection.handshake(clients, TlsWorld.context(orders), "TLSv1.3");
    long isShown = System.nanoTime();
    connection.close(ends);
    writing.get();
    if (!ends.client().getSession().getPeerCertificates()[0].equals(issued.chain().get(0))) {
      throw new IllegalStateException("The handshake shows another certificate");
    }
    if (index >= 0) {
      used[index] = (isUsed - swapped) / 1e6;
      handshake[index] = (isShown - isUsed) / 1e6;
      shown[index] = (isShown - swapped) / 1e6;
    }
  }

  /** The time at which it is so, to some microseconds. */
  private static long until(Callable<Boolean> isSo) throws Exception {
    long start = System.nanoTime();
    while (!isSo.call()) {
      Thread.onSpinWait();
      if (System.nanoTime() - start > LONGEST_NANOS) {
        throw new IllegalStateException("The new certificate does not come into use");
      }
    }
    return System.nanoTime();
  }

  private static void print(String what, double... millis) {
    Arrays.sort(millis);
    System.out.printf(
        "| %s | %.2f ms | %.2f ms | %.2f ms |%n",
        what, millis[SWAPS / 2], millis[SWAPS * 99 / 100], millis[SWAPS - 1]);
  }
}
