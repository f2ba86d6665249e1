// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every server has to do, over HTTP/1.1. */
abstract class ServerContract {
  @TempDir Path folder;
  Shop shop;
  Server server;

  /** A server that has been started. */
  record Server(int port, AutoCloseable running) {}

  abstract Server start(ServiceIdentity identity, InetSocketAddress address) throws Exception;

  @BeforeEach
  void start() throws Exception {
    shop = new Shop(folder);
    server = start(shop.orders(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void stop() throws Exception {
    server.running().close();
    shop.close();
  }

  @Test
  void anAllowedCallerIsAdmitted() throws Exception {
    try (KeptConnection web = connect(shop.client("web"))) {
      assertThat(web.get())
          .isEqualTo(
              new KeptConnection.Answer(200, "hello mtls:spiffe://shop.example/ns/shop/sa/web"));
    }
  }

  @Test
  void anotherCallerIsRefusedAndMayAskAgain() throws Exception {
    try (KeptConnection batch = connect(shop.client("batch"))) {
      KeptConnection.Answer answer = batch.get();

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).startsWith("refused at layer CALLER");
      assertThat(batch.get().status()).isEqualTo(403);
    }
  }

  @Test
  void aStrangerGetsNoAnswerAndTheEventSaysWhy() throws Exception {
    try (KeptConnection stranger = connect(shop.stranger())) {
      assertThatThrownBy(stranger::get).isInstanceOf(IOException.class);
    }

    AccessEvent event = shop.events.await(any -> true, Duration.ofSeconds(60)).orElseThrow();
    assertThat(event.outcome().reason()).isEqualTo("UNTRUSTED_ISSUER");
  }

  @Test
  void rotationsFailNoCallAndTheNextConnectionShowsTheNewCertificate() throws Exception {
    MtlsIdentity client = shop.client("web");
    try (KeptConnection kept = connect(client)) {
      assertThat(kept.get().status()).isEqualTo(200);
      for (int i = 0; i < 3; i++) {
        BigInteger next = shop.rotate();

        assertThat(kept.get().status()).isEqualTo(200);
        try (KeptConnection another = connect(client)) {
          assertThat(another.get().status()).isEqualTo(200);
          assertThat(another.server()).isEqualTo(next).isNotEqualTo(kept.server());
        }
      }
    }
  }

  @Test
  void aClientWhoseSessionGetsOldIsAdmittedAndHasToConnectAnew() throws Exception {
    try (KeptConnection web = connect(shop.client("web"))) {
      assertThat(web.get().status()).isEqualTo(200);

      shop.clock.advance(Duration.ofMinutes(16));

      assertThat(web.get().status()).isEqualTo(200);
      assertThat(web.hasEnded()).isTrue();
    }
  }

  @Test
  void aClientWhoseSessionIsADayOldIsRefusedAndLosesItsConnection() throws Exception {
    try (KeptConnection web = connect(shop.client("web"))) {
      assertThat(web.get().status()).isEqualTo(200);

      shop.clock.advance(Duration.ofHours(25));

      assertThat(web.statusOrEnd()).isIn(401, 0);
      assertThat(web.hasEnded()).isTrue();
    }
  }

  @Test
  void aClientOfARemovedAuthorityIsRefusedAndLosesItsConnection() throws Exception {
    try (KeptConnection web = connect(shop.client("web"))) {
      assertThat(web.get().status()).isEqualTo(200);

      shop.trustAnotherAuthority();

      assertThat(web.statusOrEnd()).isIn(401, 0);
      assertThat(web.hasEnded()).isTrue();
    }
  }

  private KeptConnection connect(MtlsIdentity client) throws IOException {
    return KeptConnection.open(client, server.port());
  }
}
