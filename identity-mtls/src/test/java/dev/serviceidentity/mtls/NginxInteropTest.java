// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nginx demands certificates of clients, and our client calls it. */
class NginxInteropTest {
  private static final String SERVER =
      """
      ssl_certificate %1$s/tls.crt;
          ssl_certificate_key %1$s/tls.key;
          ssl_client_certificate %1$s/ca.crt;
          ssl_verify_client on;
          ssl_protocols TLSv1.2 TLSv1.3;
          # A worker that ends closes kept connections, which a client may just be using.
          keepalive_timeout 0;
          location / {
            return 200 "$ssl_client_verify $ssl_client_fingerprint $ssl_protocol";
          }
      """;
  private static final int RELOADS = 5;
  private static final int CALLING = 2;

  @TempDir Path directory;
  private World world;
  private Nginx nginx;

  @BeforeEach
  void start() throws Exception {
    Nginx.required();
    world = World.today(directory);
    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
    nginx = Nginx.start(directory.resolve("nginx"), SERVER.formatted(world.files("orders")));
  }

  @AfterEach
  void stop() throws Exception {
    if (nginx != null) {
      nginx.close();
    }
    if (world != null) {
      world.close();
    }
  }

  @Test
  void ourClientIsAdmitted() throws Exception {
    HttpResponse<String> answer = get(JdkHttps.client(world.open("web")));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("SUCCESS ").endsWith("TLSv1.3");
  }

  @Test
  void aClientOfAnAuthorityThatItDoesNotTrustIsRefused() throws Exception {
    DevelopmentCa other = DevelopmentCa.create("shop.example", world.clock);
    other
        .issue(World.template(World.WEB))
        .trusting(List.of(world.ca.certificate()))
        .writeTo(world.files("stranger"));

    HttpResponse<String> answer = get(JdkHttps.client(world.open("stranger")));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("The SSL certificate error");
  }

  @Test
  void whoItIsIsVerifiedByOurClient() throws Exception {
    MtlsIdentity web = world.open("web", b -> b.servers(p -> p.nativeName().equals(World.ORDERS)));
    MtlsIdentity other = world.open("web", b -> b.servers(p -> p.nativeName().endsWith("/bill")));

    assertThat(get(JdkHttps.client(web)).statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> get(JdkHttps.client(other)))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("SERVER_NOT_EXPECTED")
        .hasMessageContaining(World.ORDERS);
  }

  @Test
  void itsHostNameIsVerifiedByOurClient() throws Exception {
    world.ca.issue(LeafTemplate.spiffe(World.ORDERS).dns("elsewhere")).writeTo(world.files("bad"));
    HttpClient client = JdkHttps.client(world.open("web"));
    try (Nginx wrong = Nginx.start(directory.resolve("b"), SERVER.formatted(world.files("bad")))) {
      assertThatThrownBy(() -> get(client, wrong.port()))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("127.0.0.1");
    }
  }

  @Test
  void itsTrustDomainIsVerifiedByOurClient() throws Exception {
    world.issue("bad", "spiffe://elsewhere.example/x");
    HttpClient client = JdkHttps.client(world.open("web"));
    try (Nginx wrong = Nginx.start(directory.resolve("b"), SERVER.formatted(world.files("bad")))) {
      assertThatThrownBy(() -> get(client, wrong.port()))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("UNKNOWN_TRUST_DOMAIN");
    }
  }

  @Test
  void noCallFailsWhileItIsReloadedWithRotatedCertificates() throws Exception {
    HttpClient client = JdkHttps.client(world.open("web"));
    var done = new AtomicBoolean();
    var calls = new AtomicInteger();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    var shown = new AtomicReference<>(certificate(get(client)));
    ExecutorService threads = Executors.newFixedThreadPool(CALLING);
    try {
      List<Future<?>> calling = new ArrayList<>();
      for (int i = 0; i < CALLING; i++) {
        calling.add(
            threads.submit(
                () -> {
                  while (!done.get()) {
                    call(client, failures, shown);
                    calls.incrementAndGet();
                  }
                }));
      }
      for (int i = 0; i < RELOADS; i++) {
        reloadAndAwait(shown);
      }
      done.set(true);
      for (Future<?> one : calling) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    assertThat(failures).as("of %s calls", calls).isEmpty();
  }

  private void reloadAndAwait(AtomicReference<X509Certificate> shown) throws Exception {
    var next = world.ca.issue(World.template(World.ORDERS));
    next.writeTo(world.files("orders"));
    nginx.reload();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!shown.get().equals(next.chain().get(0))) {
      assertThat(System.nanoTime()).as("the rotated certificate is shown").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private void call(
      HttpClient client, Queue<String> failures, AtomicReference<X509Certificate> shown) {
    try {
      HttpResponse<String> answer = get(client);
      if (answer.statusCode() != 200) {
        failures.add(answer.body());
      }
      shown.set(certificate(answer));
    } catch (IOException | InterruptedException failed) {
      failures.add(failed.toString());
    }
  }

  private static X509Certificate certificate(HttpResponse<?> answer)
      throws SSLPeerUnverifiedException {
    return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
  }

  private HttpResponse<String> get(HttpClient client) throws IOException, InterruptedException {
    return get(client, nginx.port());
  }

  private static HttpResponse<String> get(HttpClient client, int port)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/")).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
