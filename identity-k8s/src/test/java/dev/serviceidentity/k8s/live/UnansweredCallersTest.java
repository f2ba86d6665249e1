// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.budget.Bill;
import dev.serviceidentity.k8s.budget.CallerBudget;
import dev.serviceidentity.k8s.budget.Payer;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.policy.IpAddress;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list that fails for ever holds nobody up for ever, and is named. */
class UnansweredCallersTest {
  private static final ServiceAccountName WEB = new ServiceAccountName("shop", "web");

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Updater updater = new Updater(() -> {}, failure -> {});
  private final Bill bill =
      new Bill(CallerBudget.usual(new Random(1), System::nanoTime), Payer.ofGroup("shop"));
  private HttpServer server;
  private KubernetesClient client;
  private Holdings holdings;
  private Callers callers;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
    var topics = new Topics(Loopback.IGNORED);
    var deltas = new Deltas();
    PodHoldings pods = PodHoldings.lean(topics, deltas, "shop", "orders");
    holdings =
        new Holdings(
            new Holding<>(topics.namespaces(), deltas),
            pods,
            List.of(),
            new Holding<>(topics.policies(Resource.of(LiveKind.NETWORK_POLICY)), deltas),
            List.of(),
            List.of(),
            new Release(deltas));
    callers =
        new Callers(
            new Watched.Context(
                new ApiServer(client), updater, Clock.systemUTC(), new Random(1), closed),
            pods);
    updater.start();
  }

  @AfterEach
  void close() {
    closed.countDown();
    callers.close();
    updater.close();
    client.close();
    server.stop(0);
  }

  private Map<String, String> troubles() throws Exception {
    var troubles = new CompletableFuture<Map<String, String>>();
    updater.put(() -> troubles.complete(holdings.troubles()));
    return troubles.get(60, TimeUnit.SECONDS);
  }

  private boolean watched() throws Exception {
    return callers.watchPodsOf(WEB, bill).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void whoWaitsForItIsToldInTimeAndTheTroubleIsNamed() throws Exception {
    assertThat(watched()).isFalse();
    assertThat(watched()).isFalse();
    assertThat(troubles())
        .hasSize(1)
        .allSatisfy((resource, what) -> assertThat(resource).contains("shop").contains("web"));
  }

  @Test
  void anAddressThatCannotBeAskedAboutIsNotTakenForAsked() throws Exception {
    assertThat(
            callers
                .watchOwnersOf(IpAddress.parse("10.0.0.1"), bill)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS))
        .isFalse();
  }
}
