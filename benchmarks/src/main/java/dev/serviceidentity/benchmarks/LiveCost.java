// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to know a cluster of many pods, by our views and by the informers of the client:
 * each in JVMs of their own, up to three for the figures, and more for the smallest heap that
 * suffices.
 */
public final class LiveCost {
  private static final int ROUNDS = 3;
  private static final int MANY = 5_000;
  private static final List<Integer> HEAPS = List.of(24, 32, 48, 64, 96, 128, 256, 512, 1_024);
  private static final int AMPLE = 2_048;
  private static final int SECONDS = 120;

  private LiveCost() {}

  /** Time, bytes and memory of one JVM. */
  private record Figures(double millis, double bytes, double kept) {}

  /**
   * Measures and prints a table, then the latencies.
   *
   * @param arguments how many pods the cluster is to have
   * @throws Exception if the cluster does not work
   */
  public static void main(String[] arguments) throws Exception {
    int pods = Integer.parseInt(arguments[0]);
    try (KubernetesClient client =
        new KubernetesClientBuilder().withConfig(SyncCost.config()).build()) {
      awaitEnd(client);
      measure(client, pods);
    }
  }

  /** Of what was measured before. */
  private static void awaitEnd(KubernetesClient client) {
    for (String each : List.of(FloodCluster.NAMESPACE, FloodCluster.OTHERS)) {
      client.namespaces().withName(each).waitUntilCondition(Objects::isNull, 10, TimeUnit.MINUTES);
    }
  }

  private static void measure(KubernetesClient client, int pods) throws Exception {
    try (FloodCluster unused = FloodCluster.create(client, pods, 0)) {
      System.out.printf(
          "%n| %,d pods, JDK %s | synced | from the API server | kept | heap that suffices |%n"
              + "|---|---|---|---|---|%n",
          pods, System.getProperty("java.version"));
      for (LiveWay way : LiveWay.values()) {
        print(way, pods > MANY ? 1 : ROUNDS);
      }
      EventLatency.measure(client);
    }
  }

  private static void print(LiveWay way, int times) throws Exception {
    var rounds = new ArrayList<Figures>();
    for (int i = 0; i < times; i++) {
      rounds.add(run(way, AMPLE).orElseThrow());
    }
    System.out.printf(
        "| %s | %.0f ms | %,.0f kB | %.1f MB | %d MB |%n",
        way,
        median(rounds.stream().mapToDouble(Figures::millis).toArray()),
        median(rounds.stream().mapToDouble(Figures::bytes).toArray()) / 1e3,
        median(rounds.stream().mapToDouble(Figures::kept).toArray()) / 1e6,
        smallestHeap(way));
  }

  private static int smallestHeap(LiveWay way) throws Exception {
    int low = 0;
    int high = HEAPS.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (run(way, HEAPS.get(middle)).isPresent()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return HEAPS.get(low);
  }

  /** Empty if the heap is too small, or it takes very long. */
  private static Optional<Figures> run(LiveWay way, int megabytes) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                SyncCost.class.getName(),
                way.name())
            .redirectError(Redirect.DISCARD)
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.exitValue() != 0 || !printed.matches("\\d+ \\d+ \\d+")) {
      return Optional.empty();
    }
    double[] numbers =
        Arrays.stream(printed.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    return Optional.of(new Figures(numbers[0], numbers[1], numbers[2]));
  }

  private static double median(double... values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
