// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An API server that loses or keeps back answers, as a real one does only now and then. Nobody
 * signs there; a watch shows nothing and ends as it was asked to.
 */
final class ScriptedSigning implements AutoCloseable {
  /** What becomes of the answer to a creation. */
  enum Creation {
    ANSWERED,
    LOST,
    KEPT_BACK
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final KubernetesClient client;
  private final Creation creation;

  private ScriptedSigning(HttpServer server, Creation creation) {
    this.server = server;
    this.creation = creation;
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  static ScriptedSigning open(Creation creation) {
    try {
      return new ScriptedSigning(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
          creation);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  KubernetesClient client() {
    return client;
  }

  /** The name of the object in the next request, which has a method. */
  String next(String method) throws InterruptedException {
    String line = asked.poll(60, TimeUnit.SECONDS);
    if (line == null || !line.startsWith(method + " ")) {
      throw new AssertionError("no " + method + " but " + line);
    }
    return line.replaceFirst("(?s).*(service-identity-[0-9a-f-]+).*", "$1");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String sent = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + sent);
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "POST" -> answerCreation(exchange, sent);
        case "GET" -> watch(exchange);
        default -> send(exchange, "{}");
      }
    }
  }

  private void answerCreation(HttpExchange exchange, String sent) throws IOException {
    switch (creation) {
      case ANSWERED ->
          send(
              exchange, sent.replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"1\","));
      case KEPT_BACK -> await(60);
      case LOST -> {
        // Closed without an answer.
      }
    }
  }

  private void watch(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    await(
        Long.parseLong(
            exchange.getRequestURI().getQuery().replaceFirst(".*timeoutSeconds=(\\d+).*", "$1")));
  }

  private void await(long seconds) {
    try {
      over.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    over.countDown();
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
