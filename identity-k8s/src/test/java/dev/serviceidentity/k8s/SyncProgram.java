// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;

/**
 * Opens a view of a whole cluster in a JVM of its own, which bounds its memory, and prints what it
 * took.
 */
final class SyncProgram {
  private static final int MEGABYTE = 1 << 20;

  private SyncProgram() {}

  public static void main(String[] arguments) {
    try (KubernetesClient client =
        new KubernetesClientBuilder().withConfig(RealCluster.config()).build()) {
      // What the client and the model's classes need is there whatever the size of the cluster.
      client.namespaces().list();
      long before = used();
      long start = System.nanoTime();
      try (KubernetesNetwork network =
          KubernetesNetwork.using(client)
              .wholeCluster()
              .openTimeout(Duration.ofMinutes(5))
              .open()) {
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        int pods = ((ClusterView) network.view()).engine().facts().pods().size();
        System.out.printf(
            "pods %d, synced in %d ms, %d MB kept, %d MB in all%n",
            pods, millis, (used() - before) / MEGABYTE, used() / MEGABYTE);
      }
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
