// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An API server that says what a test says, also what a real one never would: the real one is asked
 * in {@link TokenReviewClusterTest}.
 */
final class ScriptedApi implements AutoCloseable {
  /** What it answers to each request. */
  record Answer(int status, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final KubernetesClient client;
  private final AtomicReference<Answer> answer = new AtomicReference<>(new Answer(200, "{}"));
  private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private ScriptedApi(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          try {
            gate.get().await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          Answer now = answer.get();
          byte[] body = now.body().getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(now.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  static ScriptedApi open() {
    try {
      return new ScriptedApi(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  KubernetesClient client() {
    return client;
  }

  void answers(int status, String body) {
    answer.set(new Answer(status, body));
  }

  /** Answers wait until the latch is counted down. */
  CountDownLatch hold() {
    var latch = new CountDownLatch(1);
    gate.set(latch);
    return latch;
  }

  List<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    gate.get().countDown();
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
