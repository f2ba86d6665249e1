// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.AccessEvent;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.tomcat.TomcatWebServer;

class TomcatTlsTest {
  @TempDir Path folder;
  private CertifiedShop shop;

  @BeforeEach
  void open() {
    shop = new CertifiedShop(folder);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void aServiceServesWithItsIdentityByTheNameOfTheBundle() {
    MirrorServer.run(
        shop.service("orders"),
        orders -> {
          try (var web = TlsConnection.open(shop.service("web").tls(), MirrorServer.port(orders))) {
            assertThat(web.get("/").text()).isEqualTo("spiffe://shop.example/ns/shop/sa/web");
          }
        });
  }

  @Test
  void newConnectionsShowTheNewCertificateWithoutRestartAndOldOnesStay() {
    ServiceIdentity identity = shop.service("orders");
    ServiceIdentity web = shop.service("web");
    MirrorServer.run(
        identity,
        orders -> {
          try (var kept = TlsConnection.open(web.tls(), MirrorServer.port(orders))) {
            assertThat(kept.get("/").status()).isEqualTo(200);
            for (int i = 0; i < 3; i++) {
              BigInteger next = shop.rotate(identity, "orders");

              assertThat(kept.get("/").status()).isEqualTo(200);
              try (var another = TlsConnection.open(web.tls(), MirrorServer.port(orders))) {
                assertThat(another.get("/").status()).isEqualTo(200);
                assertThat(another.server()).isEqualTo(next).isNotEqualTo(kept.server());
              }
            }
          }
        });
  }

  @Test
  void aClientShowsItsNewCertificateAfterItsOwnRotation() {
    ServiceIdentity web = shop.service("web");
    MirrorServer.run(
        shop.service("orders"),
        orders -> {
          BigInteger next = shop.rotate(web, "web");

          try (var connection = TlsConnection.open(web.tls(), MirrorServer.port(orders))) {
            assertThat(connection.get("/serial").text()).isEqualTo(next.toString());
          }
        });
  }

  @Test
  void aStrangerGetsNoAnswerAndTheEventSaysWhy() {
    MirrorServer.run(
        shop.service("orders"),
        orders -> {
          assertThatThrownBy(() -> get(shop.stranger("web").tls().sslContext(), orders))
              .isInstanceOf(IOException.class);

          AccessEvent event =
              shop.events().await(any -> true, Duration.ofSeconds(60)).orElseThrow();
          assertThat(event.outcome().reason()).isEqualTo("UNTRUSTED_ISSUER");
        });
  }

  @Test
  void aSessionIsNotResumedOnceItsAuthorityWasRemoved() throws Exception {
    ServiceIdentity identity = shop.service("orders");
    SSLContext web = unaware(shop.service("web"));
    MirrorServer.run(
        identity,
        orders -> {
          assertThat(get(web, orders)).isEqualTo("spiffe://shop.example/ns/shop/sa/web");
          assertThat(get(web, orders)).isEqualTo("spiffe://shop.example/ns/shop/sa/web");

          shop.trustAnotherAuthority(identity, "orders");

          assertThatThrownBy(() -> get(web, orders)).isInstanceOf(IOException.class);
        });
  }

  @Test
  void aClientWithoutCertificateIsTurnedAwayWhereNothingElseProvesWhoItIs() {
    MirrorServer.run(
        shop.service("orders"),
        orders -> {
          assertThatThrownBy(() -> get(anonymous(), orders)).isInstanceOf(IOException.class);
          assertThat(get(shop.service("web").tls().sslContext(), orders)).endsWith("/sa/web");
        });
  }

  @Test
  void aClientWithoutCertificateMayProveItselfOtherwiseWhereThatIsConfigured() {
    MirrorServer.run(
        shop.serviceWithKerberos("orders"),
        orders -> assertThat(get(anonymous(), orders)).isEqualTo("nobody"));
  }

  @Test
  void theServerEnablesWhatTheIdentityDoesAndNothingElse() {
    ServiceIdentity identity = shop.service("orders");
    MirrorServer.run(
        identity,
        orders -> {
          SSLHostConfig config =
              ((TomcatWebServer) MirrorServer.server(orders).getWebServer())
                  .getTomcat()
                  .getConnector()
                  .findSslHostConfigs()[0];

          assertThat(config.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
          // The signal of RFC 5746 is no suite, and Tomcat leaves it out.
          assertThat(config.getEnabledCiphers())
              .containsExactlyInAnyOrder(
                  Arrays.stream(identity.tls().serverParameters().getCipherSuites())
                      .filter(suite -> !suite.endsWith("_SCSV"))
                      .toArray(String[]::new));
        });
  }

  /** The answer over a connection of its own. */
  private static String get(SSLContext client, AssertableWebApplicationContext running)
      throws IOException {
    SSLSocketFactory sockets = client.getSocketFactory();
    try (var connection = TlsConnection.open(sockets, MirrorServer.port(running))) {
      return connection.get("/").text();
    }
  }

  /** A client that knows nothing of rotations, and resumes its sessions for as long as it can. */
  private static SSLContext unaware(ServiceIdentity client) throws Exception {
    return context(new KeyManager[] {client.tls().keyManager()}, client);
  }

  private SSLContext anonymous() throws Exception {
    return context(null, shop.service("anybody"));
  }

  private static SSLContext context(KeyManager @Nullable [] keys, ServiceIdentity client)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {client.tls().trustManager()}, null);
    return context;
  }
}
