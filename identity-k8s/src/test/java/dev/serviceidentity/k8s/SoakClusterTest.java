// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.StalePolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Four threads decide while pods and policies change, and the API server is killed and frozen:
 * every view that decided is compared with a fresh evaluation of it, and the last one with a view
 * that is opened afterwards. In the profile soak 1,000 changes, three restarts and a freeze of 30
 * seconds; else 100 changes, one restart and 12 seconds.
 */
class SoakClusterTest {
  private static final int CHANGES = Integer.getInteger("identity.clusterChanges", 100);
  private static final int RESTARTS = Math.max(1, CHANGES / 300);

  /** Longer than a watch. */
  private static final long FREEZE_SECONDS = Math.max(12, CHANGES * 3L / 100);

  private static final int THREADS = 4;
  private static final int PODS = 20;
  private static final List<String> APPS = List.of("web", "orders", "stock", "pay");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<Long, ClusterView> views = new ConcurrentHashMap<>();
  private final Queue<Decided> decided = new ConcurrentLinkedQueue<>();
  private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);

  private record Decided(ClusterView view, Flow flow, Verdict verdict) {}

  @Test
  void everyDecisionIsThatOfAFreshEvaluationAndNoViewIsSilentlyOld() throws Exception {
    System.out.println("SoakClusterTest: -Dseed=" + seed);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (RealCluster cluster = RealCluster.open();
        ApiServerProcess server = ApiServerProcess.open();
        KubernetesClient client = server.client()) {
      for (int i = 0; i < PODS; i++) {
        cluster.pod(name(i), Map.of("app", app()), "account", cluster.address(i + 1));
      }
      try (KubernetesNetwork network = openView(client)) {
        var running = new ArrayList<Future<?>>();
        for (int i = 0; i < THREADS; i++) {
          var choice = new Random(seed + i + 1);
          running.add(threads.submit(() -> decide(network, cluster.namespace(), choice)));
        }
        try {
          changeAll(cluster, server);
          isAsIfOpenedNow(network, client, cluster);
        } finally {
          over.countDown();
        }
        for (Future<?> each : running) {
          each.get(60, TimeUnit.SECONDS);
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(wrongs).isEmpty();
    assertThat(views).hasSizeGreaterThan(CHANGES / 10);
    decided.forEach(this::compare);
  }

  private static KubernetesNetwork openView(KubernetesClient client) {
    return KubernetesNetwork.using(client)
        .wholeCluster()
        .openTimeout(RealCluster.PATIENCE)
        .stale(StalePolicy.serveStaleFor(Duration.ofMinutes(10)))
        .open();
  }

  private static String name(int number) {
    return "pod-" + number;
  }

  private String app() {
    return APPS.get(random.nextInt(APPS.size()));
  }

  private void changeAll(RealCluster cluster, ApiServerProcess server) throws Exception {
    int stretch = CHANGES / (RESTARTS + 1);
    for (int i = 0; i < CHANGES; i++) {
      change(cluster);
      if (i % stretch == stretch - 1 && i / stretch < RESTARTS) {
        server.kill();
        change(cluster);
        server.start();
      }
      if (i == CHANGES / 2) {
        server.freeze();
        over.await(FREEZE_SECONDS, TimeUnit.SECONDS);
        server.thaw();
      }
    }
  }

  private void change(RealCluster cluster) {
    String pod = name(random.nextInt(PODS));
    switch (random.nextInt(4)) {
      case 0 -> cluster.label(pod, "app", app());
      case 1 -> {
        cluster.deletePod(pod);
        int address = random.nextInt(PODS) + 1;
        cluster.pod(pod, Map.of("app", app()), "account", cluster.address(address));
      }
      case 2 ->
          cluster.apply(
              """
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: {name: policy-%d}
              spec:
                podSelector: {matchLabels: {app: %s}}
                ingress: [{from: [{podSelector: {matchLabels: {app: %s}}}]}]
              """
                  .formatted(random.nextInt(5), app(), app()));
      default ->
          cluster
              .client()
              .network()
              .v1()
              .networkPolicies()
              .inNamespace(cluster.namespace())
              .withName("policy-" + random.nextInt(5))
              .delete();
    }
  }

  private static Flow flow(String namespace, Random choice) {
    String from = namespace + "/" + name(choice.nextInt(PODS));
    String to = namespace + "/" + name(choice.nextInt(PODS));
    return TestCluster.flow(from, to, "8080", choice.nextBoolean() ? Side.INGRESS : Side.BOTH);
  }

  private void decide(KubernetesNetwork network, String namespace, Random choice) {
    long count = 0;
    while (over.getCount() > 0) {
      Flow flow = flow(namespace, choice);
      if (!(network.view() instanceof ClusterView view)) {
        wrongs.add("there is no view");
        return;
      }
      boolean isNew = views.putIfAbsent(view.stamp().generation(), view) == null;
      Verdict verdict = view.check(flow).verdict();
      if (isNew || count++ % 10_000 == 0) {
        decided.add(new Decided(view, flow, verdict));
        checkAge(network);
      }
    }
  }

  /** Half a minute after the last proof, and a second to notice it, health must say so. */
  private void checkAge(KubernetesNetwork network) {
    Duration age = network.stamp().ageAt(Instant.now());
    Health.Part health = network.health();
    if (age.compareTo(StalePolicy.FRESH.plusSeconds(5)) > 0 && health.status() == Status.UP) {
      wrongs.add("a view that was proven " + age + " ago is " + health);
    }
  }

  private void compare(Decided each) {
    PolicyEngine fresh = PolicyEngine.compile(each.view().engine().facts(), Assumptions.DEFAULT);
    assertThat(fresh.verdict(each.flow()))
        .as("%s in generation %s", each.flow(), each.view().stamp())
        .isEqualTo(each.verdict());
  }

  private static void isAsIfOpenedNow(
      KubernetesNetwork network, KubernetesClient client, RealCluster cluster) throws Exception {
    try (KubernetesNetwork later = openView(client)) {
      eventually(
          "the view shows what is there",
          () -> all(network, cluster.namespace()),
          each -> each.equals(all(later, cluster.namespace())));
    }
  }

  private static List<Verdict> all(KubernetesNetwork network, String namespace) {
    var all = new ArrayList<Verdict>();
    for (int from = 0; from < PODS; from++) {
      for (int to = 0; to < PODS; to++) {
        String caller = namespace + "/" + name(from);
        Flow flow = TestCluster.flow(caller, namespace + "/" + name(to), "8080", Side.BOTH);
        all.add(network.check(flow).verdict());
      }
    }
    return all;
  }
}
