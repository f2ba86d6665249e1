// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.spi.OwnedRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections on which no request comes at which their client could be refused. */
class OpenConnectionsTest {
  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private World world;
  private DevelopmentCa next;
  private IssuedCertificate trustingBoth;
  private MtlsIdentity orders;
  private MtlsIdentity web;

  @BeforeEach
  void open() {
    world = new World(directory);
    next = DevelopmentCa.create("shop.example", world.clock);
    trustingBoth =
        next.issue(World.template(World.ORDERS))
            .trusting(List.of(next.certificate(), world.ca.certificate()));
    trustingBoth.writeTo(world.files("orders"));
    world
        .ca
        .issue(World.template(World.WEB).lifetime(Duration.ofMinutes(10)))
        .trusting(List.of(next.certificate()))
        .writeTo(world.files("web"));
    orders = world.open("orders");
    web = world.open("web");
  }

  @AfterEach
  void close() throws Exception {
    threads.shutdownNow();
    world.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientOfARemovedAuthorityLosesItsConnection(String protocol) throws Exception {
    try (ServerSocket listening = listen();
        SSLSocket client = connect(listening, protocol)) {
      trustingBoth.trusting(List.of(next.certificate())).writeTo(world.files("orders"));
      orders.refresh();

      assertThat(hasEnded(client)).isTrue();
    }
  }

  @Test
  void aClientWhoseCertificateExpiresLosesItsConnection() throws Exception {
    try (ServerSocket listening = listen();
        SSLSocket client = connect(listening, "TLSv1.3")) {
      world.clock.advance(Duration.ofMinutes(10));

      assertThat(hasEnded(client)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anEngineOfARefusedClientSendsNothingMore(String protocol) throws Exception {
    var mayStay = new AtomicBoolean(true);
    try (OwnedRuntime runtime = runtime();
        var connections = new OpenConnections(rules(mayStay::get), runtime.runtime().scheduler())) {
      Engines engines = Engines.handshake(orders, web, protocol);
      connections.keep(engines.server());
      connections.keep(engines.client());
      connections.judge();
      assertThat(engines.wrap(engines.server())).isEqualTo(Status.OK);

      mayStay.set(false);
      connections.judge();

      assertThat(engines.wrap(engines.server())).isEqualTo(Status.CLOSED);
      assertThat(engines.wrap(engines.client())).isEqualTo(Status.OK);
    }
  }

  @Test
  void aSlowAnswerAboutOneKeepsNobodysConnectionOpen() throws Exception {
    var asked = new CountDownLatch(1);
    var answered = new CountDownLatch(1);
    var mayStay = new AtomicBoolean(true);
    ConnectionRules asking =
        rules(
            () -> {
              asked.countDown();
              await(answered);
              return true;
            });
    try (OwnedRuntime runtime = runtime();
        var connections =
            new OpenConnections(rules(mayStay::get), asking, runtime.runtime().scheduler())) {
      Engines engines = Engines.handshake(orders, web, "TLSv1.3");
      connections.keep(engines.server());
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

      mayStay.set(false);

      assertThat(threads.submit(() -> untilEnded(engines)).get(60, TimeUnit.SECONDS))
          .isEqualTo(Status.CLOSED);
      answered.countDown();
    }
  }

  private static Status untilEnded(Engines engines) throws IOException {
    Status status = engines.wrap(engines.server());
    while (status == Status.OK) {
      Thread.onSpinWait();
      status = engines.wrap(engines.server());
    }
    return status;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anEngineThatHasNotBegunIsNobodysYet() throws Exception {
    try (OwnedRuntime runtime = runtime();
        var connections = new OpenConnections(rules(() -> false), runtime.runtime().scheduler())) {
      SSLEngine engine =
          connections.keep(orders.tls().orElseThrow().sslContext().createSSLEngine());
      engine.setUseClientMode(false);

      connections.judge();

      assertThat(engine.isOutboundDone()).isFalse();
    }
  }

  private static ConnectionRules rules(BooleanSupplier mayStay) {
    Verification refused = Verification.rejected(CertificateRejection.EXPIRED, "for this test");
    return new ConnectionRules(
        session -> mayStay.getAsBoolean() ? null : refused, server -> true, peer -> false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientsConnectionEndsWhenTheAuthorityOfItsServerIsRemoved(String protocol)
      throws Exception {
    try (ServerSocket listening = listen();
        SSLSocket client = connect(listening, protocol)) {
      removeTheServersAuthority();

      assertThat(hasEnded(client)).isTrue();
    }
  }

  @Test
  void aKeptConnectionToAServerOfARemovedAuthorityTakesNoMoreRequests() throws Exception {
    TlsMaterial tls = web.tls().orElseThrow();
    try (JdkServer server = JdkServer.start(PlainClient.showing(trustingBoth))) {
      HttpClient client =
          HttpClient.newBuilder()
              .sslContext(tls.sslContext())
              .sslParameters(tls.clientParameters())
              .build();
      HttpRequest request = HttpRequest.newBuilder(server.uri()).build();
      assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);

      removeTheServersAuthority();

      Future<?> refused =
          threads.submit(
              () -> {
                while (true) {
                  try {
                    client.send(request, BodyHandlers.discarding());
                  } catch (IOException ended) {
                    return ended;
                  }
                }
              });
      assertThat(refused.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
  }

  /** The JDK lets a client of TLS 1.2 begin another handshake as often as it likes. */
  @Test
  void aConnectionIsKeptOnceHoweverOftenItIsRenegotiated() throws Exception {
    try (OwnedRuntime runtime = runtime();
        var connections = new OpenConnections(rules(() -> true), runtime.runtime().scheduler());
        ServerSocket listening = listen();
        SSLSocket client = connect(listening, "TLSv1.2")) {
      var heard = new Semaphore(0);
      connections.keep(client, client);
      client.addHandshakeCompletedListener(completed -> heard.release());
      for (int i = 0; i < 20; i++) {
        renegotiate(client);
      }

      assertThat(heard.tryAcquire(20, 60, TimeUnit.SECONDS)).isTrue();
      assertThat(connections.size()).isEqualTo(1);
    }
  }

  /** The handshake goes on while the client reads: its end lies before the second answer. */
  private static void renegotiate(SSLSocket client) throws IOException {
    client.startHandshake();
    for (int i = 0; i < 2; i++) {
      client.getOutputStream().write('?');
      assertThat(client.getInputStream().read()).isEqualTo('!');
    }
  }

  private void removeTheServersAuthority() {
    world
        .ca
        .issue(World.template(World.WEB))
        .trusting(List.of(world.ca.certificate()))
        .writeTo(world.files("web"));
    web.refresh();
  }

  private OwnedRuntime runtime() {
    return OwnedRuntime.start(
        world.clock, refused -> {}, Set.of(MechanismName.MTLS), Duration.ofSeconds(60));
  }

  private ServerSocket listen() throws IOException {
    TlsMaterial tls = orders.tls().orElseThrow();
    var listening =
        (SSLServerSocket)
            tls.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listening.setSSLParameters(tls.serverParameters());
    return listening;
  }

  private SSLSocket connect(ServerSocket listening, String protocol) throws Exception {
    TlsMaterial tls = web.tls().orElseThrow();
    var client =
        (SSLSocket)
            tls.sslContext().getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort());
    client.setEnabledProtocols(new String[] {protocol});
    client.setSoTimeout(60_000);
    client.setTcpNoDelay(true);
    Future<?> greeted =
        threads.submit(
            () -> {
              SSLSocket accepted = (SSLSocket) listening.accept();
              accepted.setTcpNoDelay(true);
              // Waits for the next word, as a container does for the next request.
              do {
                accepted.getOutputStream().write('!');
              } while (accepted.getInputStream().read() >= 0);
              return null;
            });
    assertThat(client.getInputStream().read()).isEqualTo('!');
    assertThat(greeted.isDone()).isFalse();
    return client;
  }

  private boolean hasEnded(SSLSocket client) throws Exception {
    Future<Boolean> ended =
        threads.submit(
            () -> {
              try {
                return client.getInputStream().read() < 0;
              } catch (IOException reset) {
                return true;
              }
            });
    return ended.get(60, TimeUnit.SECONDS);
  }
}
