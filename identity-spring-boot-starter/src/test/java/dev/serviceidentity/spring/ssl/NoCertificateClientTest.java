// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.spring.IdentityContexts;
import dev.serviceidentity.spring.client.IdentityClientAutoConfiguration;
import dev.serviceidentity.spring.client.RestClientIdentity;
import dev.serviceidentity.spring.client.WebClientIdentity;
import dev.serviceidentity.spring.ssl.ClientTlsTest.Calls;
import dev.serviceidentity.testkit.FakeMechanism;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.client.HttpClient;

/** Clients that are beans, hence made before the identity opens, which has no certificate then. */
class NoCertificateClientTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"rest", "web"})
  void aServiceWithoutCertificatesCallsOthersByTheTrustOfItsClients(String kind) {
    X509TrustManager trusted = shop.service("anybody").tls().trustManager();
    MirrorServer.run(
        shop.serviceWithKerberos("orders"),
        orders ->
            service(MirrorServer.port(orders))
                .withBean(
                    ClientHttpRequestFactoryBuilder.class,
                    () ->
                        ClientHttpRequestFactoryBuilder.reactor()
                            .withHttpClientCustomizer(client -> trusting(trusted, client)))
                .withBean(
                    ClientHttpConnectorBuilder.class,
                    () ->
                        ClientHttpConnectorBuilder.reactor()
                            .withHttpClientCustomizer(client -> trusting(trusted, client)))
                .run(
                    context ->
                        assertThat(context.getBean(kind, Calls.class).get("/"))
                            .isEqualTo("nobody")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rest", "web"})
  void unlessTheClientsSayOtherwiseThatIsTheTrustOfTheJvm(String kind) {
    MirrorServer.run(
        shop.serviceWithKerberos("orders"),
        orders ->
            service(MirrorServer.port(orders))
                .withPropertyValues(
                    "spring.http.clients.imperative.factory=jdk",
                    "spring.http.clients.reactive.connector=jdk")
                .run(
                    context ->
                        assertThatThrownBy(() -> context.getBean(kind, Calls.class).get("/"))
                            .hasRootCauseInstanceOf(CertPathBuilderException.class)));
  }

  private static HttpClient trusting(X509TrustManager trusted, HttpClient client) {
    return client.secure(
        connection -> {
          try {
            connection.sslContext(SslContextBuilder.forClient().trustManager(trusted).build());
          } catch (SSLException e) {
            throw new IllegalStateException("Every JDK has TLS", e);
          }
        });
  }

  private static ApplicationContextRunner service(int port) {
    return IdentityContexts.plain()
        .withConfiguration(
            AutoConfigurations.of(
                IdentityClientAutoConfiguration.class,
                HttpClientAutoConfiguration.class,
                ImperativeHttpClientAutoConfiguration.class,
                ReactiveHttpClientAutoConfiguration.class,
                RestClientAutoConfiguration.class,
                WebClientAutoConfiguration.class))
        .withUserConfiguration(Clients.class)
        .withPropertyValues(
            "orders=https://127.0.0.1:" + port,
            "serviceidentity.network.mode=identity-alone",
            "serviceidentity.allow.nobody=true",
            "serviceidentity.client.unproven-replies=accept");
  }

  @Configuration(proxyBeanMethods = false)
  static class Clients {
    @Bean
    FakeMechanism.Builder kerberos() {
      return FakeMechanism.of("kerberos:HTTP/web@SHOP.EXAMPLE");
    }

    @Bean
    Calls rest(
        RestClient.Builder builder,
        RestClientIdentity identity,
        @Value("${orders}") String orders) {
      return ClientTlsTest.Way.rest(builder.baseUrl(orders).apply(identity.calling(orders)));
    }

    @Bean
    Calls web(
        WebClient.Builder builder, WebClientIdentity identity, @Value("${orders}") String orders) {
      return ClientTlsTest.Way.web(builder.baseUrl(orders).apply(identity.calling(orders)));
    }
  }
}
