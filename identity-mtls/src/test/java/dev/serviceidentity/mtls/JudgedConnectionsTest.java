// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.spi.OwnedRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which connections are judged at all, and that one of them does not spare the others. */
class JudgedConnectionsTest {
  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private World world;
  private MtlsIdentity orders;
  private MtlsIdentity web;

  /** How a server makes TLS of a plain connection that it has accepted. */
  enum Layered {
    WITH_WHAT_WAS_READ {
      @Override
      Socket over(Socket plain, TlsMaterial tls) throws IOException {
        return tls.sslContext().getSocketFactory().createSocket(plain, (InputStream) null, true);
      }
    },
    WITH_THE_PEERS_NAME {
      @Override
      Socket over(Socket plain, TlsMaterial tls) throws IOException {
        return tls.sslContext()
            .getSocketFactory()
            .createSocket(plain, "127.0.0.1", plain.getPort(), true);
      }
    };

    abstract Socket over(Socket plain, TlsMaterial tls) throws IOException;
  }

  @BeforeEach
  void open() {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    world
        .ca
        .issue(World.template(World.WEB).lifetime(Duration.ofMinutes(10)))
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
  @CsvSource({
    "WITH_WHAT_WAS_READ, TLSv1.2",
    "WITH_WHAT_WAS_READ, TLSv1.3",
    "WITH_THE_PEERS_NAME, TLSv1.2",
    "WITH_THE_PEERS_NAME, TLSv1.3"
  })
  void aServersTlsOverAPlainConnectionEndsWithItsClientsCertificate(
      Layered layered, String protocol) throws Exception {
    try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Future<Integer> serving = threads.submit(() -> serve(listening, layered));
      try (SSLSocket client = connect(listening, protocol)) {
        assertThat(client.getInputStream().read()).isEqualTo('!');
        assertThat(serving.isDone()).isFalse();

        world.clock.advance(Duration.ofMinutes(11));

        assertThat(hasEnded(client)).isTrue();
      }
    }
  }

  @Test
  void aClientsTlsOverAPlainConnectionIsNotJudged() throws Exception {
    AnsweringServer server = world.serve(orders);
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        var client =
            (SSLSocket)
                web.tls()
                    .orElseThrow()
                    .sslContext()
                    .getSocketFactory()
                    .createSocket(plain, "127.0.0.1", server.port(), true)) {
      client.setSoTimeout(30_000);

      assertThat(client.getInputStream().read()).isEqualTo('m');
      assertThat(plain.isClosed()).isFalse();
    }
  }

  @Test
  void anErrorInOneJudgementEndsThatConnectionAndTheOthersAreJudged() throws Exception {
    var judged = new AtomicInteger();
    try (OwnedRuntime runtime =
            OwnedRuntime.start(
                world.clock, refused -> {}, Set.of(MechanismName.MTLS), Duration.ofSeconds(10));
        var connections =
            new OpenConnections(
                new ConnectionRules(
                    session -> judge(judged, session), server -> true, peer -> false),
                runtime.runtime().scheduler())) {
      Engines first = Engines.handshake(orders, web, "TLSv1.3");
      Engines second = Engines.handshake(orders, web, "TLSv1.3");
      connections.keep(first.server());
      connections.keep(second.server());

      connections.judge();
      connections.judge();

      assertThat(judged).hasValue(4);
      assertThat(first.wrap(first.server())).isEqualTo(Status.CLOSED);
      assertThat(second.wrap(second.server())).isEqualTo(Status.CLOSED);
    }
  }

  /** A new connection is let be at first; every other judgement throws. */
  private static Verification judge(AtomicInteger judged, SSLSession session) {
    if (judged.incrementAndGet() % 2 == 1) {
      throw new IllegalArgumentException("an error of a checker in " + session.getProtocol());
    }
    return Verification.rejected(CertificateRejection.EXPIRED, "for this test");
  }

  /** Waits for a word that never comes, as a container does for the next request. */
  private int serve(ServerSocket listening, Layered layered) throws IOException {
    TlsMaterial tls = orders.tls().orElseThrow();
    try (var server = (SSLSocket) layered.over(listening.accept(), tls)) {
      server.setUseClientMode(false);
      server.setSSLParameters(tls.serverParameters());
      server.getOutputStream().write('!');
      return server.getInputStream().read();
    }
  }

  private SSLSocket connect(ServerSocket listening, String protocol) throws IOException {
    var client =
        (SSLSocket)
            web.tls()
                .orElseThrow()
                .sslContext()
                .getSocketFactory()
                .createSocket("127.0.0.1", listening.getLocalPort());
    client.setEnabledProtocols(new String[] {protocol});
    client.setSoTimeout(30_000);
    return client;
  }

  private boolean hasEnded(SSLSocket client) throws Exception {
    return threads
        .submit(
            () -> {
              try {
                return client.getInputStream().read() < 0;
              } catch (SocketTimeoutException stillOpen) {
                return false;
              } catch (IOException reset) {
                return true;
              }
            })
        .get(60, TimeUnit.SECONDS);
  }
}
