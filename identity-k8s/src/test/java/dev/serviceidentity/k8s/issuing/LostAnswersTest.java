// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serviceidentity.identity.IdentityException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server whose answers are lost, or do not come, leaves no requests behind, nor waits. */
class LostAnswersTest {
  private static final String PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final int AT_ONCE = 16;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch arrived = new CountDownLatch(AT_ONCE);
  private final CountDownLatch answers = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void close() {
    answers.countDown();
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private KubernetesCertificateIssuer issuer(Duration patience) {
    return KubernetesCertificateIssuer.using(client)
        .signer("shop.example/workloads")
        .patience(patience)
        .open();
  }

  private void lose(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    if (exchange.getRequestMethod().equals("POST")) {
      exchange.close();
    } else {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
    }
  }

  @Test
  void aRequestWhoseAnswerIsLostIsWithdrawn() throws Exception {
    server.createContext("/", this::lose);
    byte[] request = RequestForTest.ec().der();
    try (KubernetesCertificateIssuer issuer = issuer(Duration.ofSeconds(60))) {
      assertThatThrownBy(() -> issuer.issue(request, Duration.ofHours(1)))
          .isInstanceOf(IdentityException.class)
          .extracting(each -> ((IdentityException) each).code())
          .isEqualTo(IdentityException.Code.AUTHORITY_UNREACHABLE);
    }
    String posted = asked.get(0);
    Matcher name = Pattern.compile("\"name\":\"(service-identity-[0-9a-f-]{36})\"").matcher(posted);
    assertThat(posted).startsWith("POST " + PATH + " ");
    assertThat(name.find()).isTrue();
    assertThat(asked).last().asString().startsWith("DELETE " + PATH + "/" + name.group(1) + " ");
  }

  private void hold(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    arrived.countDown();
    try {
      answers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.sendResponseHeaders(503, -1);
    exchange.close();
  }

  @Test
  void nobodyWaitsForATurnLongerThanForACertificate() throws Exception {
    server.createContext("/", this::hold);
    byte[] request = RequestForTest.ec().der();
    KubernetesCertificateIssuer issuer = issuer(Duration.ofSeconds(1));
    for (int i = 0; i < AT_ONCE; i++) {
      threads.execute(
          () -> {
            try {
              issuer.issue(request, Duration.ofHours(1));
            } catch (IdentityException unanswered) {
              arrived.countDown();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> issuer.issue(request, Duration.ofHours(1)))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("may have at a time");
    answers.countDown();
    issuer.close();
  }
}
