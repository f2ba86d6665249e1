// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A cluster of many pods is seen in little memory; the profile soak makes ten times as many. */
class LargeClusterTest {
  private static final int PODS = Integer.getInteger("identity.clusterPods", 1_000);
  private static final int AT_ONCE = 8;
  private static final Pattern RESULT = Pattern.compile("pods (\\d+), .* (\\d+) MB kept.*\\R?");

  /** With this each pod is as large as pods of real clusters are, some 12 kB of JSON. */
  private static final String PADDING = "x".repeat(9_000);

  @Test
  void allPodsAreSeenInAHeapOf128Megabytes() throws Exception {
    try (RealCluster cluster = RealCluster.open()) {
      create(cluster);
      String printed = runWithLittleMemory();
      Matcher result = RESULT.matcher(printed);
      assertThat(result.find()).as(printed).isTrue();
      System.out.print("LargeClusterTest: " + result.group());
      assertThat(Integer.parseInt(result.group(1))).isGreaterThanOrEqualTo(PODS);
      assertThat(Integer.parseInt(result.group(2))).isLessThanOrEqualTo(25);
    }
  }

  private static void create(RealCluster cluster) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Callable<Void>> pods =
          IntStream.range(0, PODS)
              .<Callable<Void>>mapToObj(
                  number ->
                      () -> {
                        cluster.pod(
                            "pod-" + number,
                            Map.of("app", "app-" + number % 100, "hash", "h" + number % 250),
                            Map.of("padding", PADDING),
                            "account-" + number % 100,
                            cluster.address(number + 1));
                        return null;
                      })
              .toList();
      for (Future<Void> pod : threads.invokeAll(pods)) {
        pod.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String runWithLittleMemory() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dcluster.kubeconfig=" + RealCluster.kubeconfig(),
                "-cp",
                System.getProperty("java.class.path"),
                SyncProgram.class.getName())
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
