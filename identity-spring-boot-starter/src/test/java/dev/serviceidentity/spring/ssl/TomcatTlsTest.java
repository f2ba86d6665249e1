// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.AccessEvent;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
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
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

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
    serving(
        shop.service("orders"),
        orders -> {
          try (var web = TlsConnection.open(shop.service("web").tls(), port(orders))) {
            assertThat(web.get("/").text()).isEqualTo("spiffe://shop.example/ns/shop/sa/web");
          }
        });
  }

  @Test
  void newConnectionsShowTheNewCertificateWithoutRestartAndOldOnesStay() {
    ServiceIdentity identity = shop.service("orders");
    ServiceIdentity web = shop.service("web");
    serving(
        identity,
        orders -> {
          try (var kept = TlsConnection.open(web.tls(), port(orders))) {
            assertThat(kept.get("/").status()).isEqualTo(200);
            for (int i = 0; i < 3; i++) {
              BigInteger next = shop.rotate(identity, "orders");

              assertThat(kept.get("/").status()).isEqualTo(200);
              try (var another = TlsConnection.open(web.tls(), port(orders))) {
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
    serving(
        shop.service("orders"),
        orders -> {
          BigInteger next = shop.rotate(web, "web");

          try (var connection = TlsConnection.open(web.tls(), port(orders))) {
            assertThat(connection.get("/serial").text()).isEqualTo(next.toString());
          }
        });
  }

  @Test
  void aStrangerGetsNoAnswerAndTheEventSaysWhy() {
    serving(
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
    serving(
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
    serving(
        shop.service("orders"),
        orders ->
            assertThatThrownBy(() -> get(anonymous(), orders)).isInstanceOf(IOException.class));
  }

  @Test
  void aClientWithoutCertificateMayProveItselfOtherwiseWhereThatIsConfigured() {
    serving(
        shop.serviceWithKerberos("orders"),
        orders -> assertThat(get(anonymous(), orders)).isEqualTo("nobody"));
  }

  @Test
  void theServerEnablesWhatTheIdentityDoesAndNothingElse() {
    ServiceIdentity identity = shop.service("orders");
    serving(
        identity,
        orders -> {
          SSLHostConfig config =
              ((TomcatWebServer) server(orders).getWebServer())
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

  private static void serving(
      ServiceIdentity identity, ContextConsumer<AssertableWebApplicationContext> test) {
    new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
        .withConfiguration(
            AutoConfigurations.of(
                SslAutoConfiguration.class,
                IdentitySslAutoConfiguration.class,
                TomcatServletWebServerAutoConfiguration.class,
                DispatcherServletAutoConfiguration.class,
                WebMvcAutoConfiguration.class))
        .withBean(ServiceIdentity.class, () -> identity)
        .withUserConfiguration(Mirror.class)
        .withPropertyValues(
            "server.port=0", "server.address=127.0.0.1", "server.ssl.bundle=service-identity")
        .run(test);
  }

  private static WebServerApplicationContext server(AssertableWebApplicationContext running) {
    return running.getSourceApplicationContext(
        AnnotationConfigServletWebServerApplicationContext.class);
  }

  private static int port(AssertableWebApplicationContext running) {
    return server(running).getWebServer().getPort();
  }

  /** The answer over a connection of its own. */
  private static String get(SSLContext client, AssertableWebApplicationContext running)
      throws IOException {
    SSLSocketFactory sockets = client.getSocketFactory();
    try (var connection = TlsConnection.open(sockets, port(running))) {
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

  /** Says who calls, as the connection proves it. */
  @RestController
  static class Mirror {
    @GetMapping("/")
    String name(HttpServletRequest request) throws Exception {
      X509Certificate[] chain = chain(request);
      return chain == null
          ? "nobody"
          : (String) chain[0].getSubjectAlternativeNames().iterator().next().get(1);
    }

    @GetMapping("/serial")
    String serial(HttpServletRequest request) {
      return chain(request)[0].getSerialNumber().toString();
    }

    private static X509Certificate @Nullable [] chain(HttpServletRequest request) {
      return (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
    }
  }
}
