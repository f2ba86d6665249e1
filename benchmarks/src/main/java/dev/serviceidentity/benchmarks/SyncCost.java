// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One {@link LiveWay} in a JVM of its own: how long it takes until all is known, what comes over
 * the wire for it, and what it keeps. Prints three numbers for {@link LiveCost}.
 */
public final class SyncCost {
  private static final long QUIET = TimeUnit.SECONDS.toNanos(3);
  private static final int COLLECTIONS = 4;

  private SyncCost() {}

  /**
   * Measures and prints.
   *
   * @param arguments the way
   * @throws Exception if it does not work
   */
  public static void main(String[] arguments) throws Exception {
    LiveWay way = LiveWay.valueOf(arguments[0]);
    Config config = config();
    try (var forwarder = new CountingForwarder(URI.create(config.getMasterUrl()))) {
      config.setMasterUrl(forwarder.address());
      try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
        // What the client and the classes of its model need is there whatever the size.
        client.namespaces().list();
        long before = used();
        long bytes = forwarder.bytes();
        long start = System.nanoTime();
        try (AutoCloseable opened = way.open(client)) {
          long synced = System.nanoTime();
          // What is fetched ahead comes after the view has opened.
          LockSupport.parkNanos(QUIET);
          System.out.printf(
              "%d %d %d%n",
              TimeUnit.NANOSECONDS.toMillis(synced - start),
              forwarder.bytes() - bytes,
              Math.max(0, used() - before));
          opened.hashCode();
        }
      }
    }
    System.exit(0);
  }

  static Config config() throws Exception {
    Path kubeconfig = Path.of(System.getenv("CLUSTER_KUBECONFIG"));
    return Config.fromKubeconfig(Files.readString(kubeconfig));
  }

  private static long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
