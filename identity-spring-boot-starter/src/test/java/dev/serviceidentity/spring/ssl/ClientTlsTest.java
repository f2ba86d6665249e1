// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.client.IdentityClientAutoConfiguration;
import dev.serviceidentity.spring.client.RestClientIdentity;
import dev.serviceidentity.spring.client.WebClientIdentity;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientSsl;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

class ClientTlsTest {
  @TempDir Path folder;
  private CertifiedShop shop;

  interface Calls {
    String get(String uri);
  }

  /** The ways in which a client gets the bundle. */
  enum Way {
    REST_BY_NAME {
      @Override
      Calls calls(ApplicationContext context) {
        return rest(
            context
                .getBean(RestClient.Builder.class)
                .apply(context.getBean(RestClientSsl.class).fromBundle("service-identity")));
      }
    },
    REST_BY_IDENTITY {
      @Override
      Calls calls(ApplicationContext context) {
        return rest(
            context
                .getBean(RestClient.Builder.class)
                .apply(context.getBean(RestClientIdentity.class).calling()));
      }
    },
    WEB_BY_NAME {
      @Override
      Calls calls(ApplicationContext context) {
        return web(
            context
                .getBean(WebClient.Builder.class)
                .apply(context.getBean(WebClientSsl.class).fromBundle("service-identity")));
      }
    },
    WEB_BY_IDENTITY {
      @Override
      Calls calls(ApplicationContext context) {
        return web(
            context
                .getBean(WebClient.Builder.class)
                .apply(context.getBean(WebClientIdentity.class).calling()));
      }
    };

    abstract Calls calls(ApplicationContext context);

    static Calls rest(RestClient.Builder builder) {
      RestClient client = builder.build();
      return uri -> String.valueOf(client.get().uri(uri).retrieve().body(String.class));
    }

    static Calls web(WebClient.Builder builder) {
      WebClient client = builder.build();
      return uri ->
          String.valueOf(client.get().uri(uri).retrieve().bodyToMono(String.class).block());
    }
  }

  @BeforeEach
  void open() {
    shop = new CertifiedShop(folder);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  static Stream<Arguments> everyWayByEveryClient() {
    return Stream.of("reactor", "jdk")
        .flatMap(http -> Stream.of(Way.values()).map(way -> Arguments.of(way, http)));
  }

  @ParameterizedTest
  @MethodSource("everyWayByEveryClient")
  void aClientShowsTheCertificateAndChecksTheServers(Way way, String http) {
    withServer(
        shop.service("orders"),
        uri ->
            client(shop.service("web"), http)
                .run(
                    context ->
                        assertThat(way.calls(context).get(uri + "/"))
                            .isEqualTo("spiffe://shop.example/ns/shop/sa/web")));
  }

  @ParameterizedTest
  @MethodSource("everyWayByEveryClient")
  void aServerOfAnotherAuthorityGetsNoRequest(Way way, String http) {
    withServer(
        shop.stranger("orders"),
        uri ->
            client(shop.service("web"), http)
                .run(
                    context ->
                        assertThatThrownBy(() -> way.calls(context).get(uri + "/"))
                            .hasStackTraceContaining("UNTRUSTED_ISSUER")));
  }

  @ParameterizedTest
  @EnumSource
  void aClientShowsItsNewCertificateToWhomItConnectsNext(Way way) {
    ServiceIdentity web = shop.service("web");
    withServer(
        shop.service("orders"),
        uri ->
            client(web, "reactor")
                .run(
                    context -> {
                      Calls calls = way.calls(context);
                      assertThat(calls.get(uri + "/serial/last")).isNotEmpty();

                      BigInteger next = shop.rotate(web, "web");

                      assertThat(calls.get(uri + "/serial/last")).isEqualTo(next.toString());
                    }));
  }

  @Test
  void aSessionWithAServerIsNotResumedOnceItsAuthorityWasRemoved() {
    ServiceIdentity web = shop.service("web");
    withServer(
        shop.service("orders"),
        uri ->
            client(web, "reactor")
                .run(
                    context -> {
                      Calls calls = Way.WEB_BY_NAME.calls(context);
                      assertThat(calls.get(uri + "/serial/last")).isNotEmpty();

                      shop.trustAnotherAuthority(web, "web");

                      assertThatThrownBy(() -> calls.get(uri + "/serial/last"))
                          .hasStackTraceContaining("UNTRUSTED_ISSUER");
                    }));
  }

  @ParameterizedTest
  @EnumSource
  void aServerIsKnownByItsSpiffeIdWhateverItsHostIsCalled(Way way) {
    withServer(
        shop.service("orders"),
        uri ->
            client(shop.service("web"), "reactor")
                .run(
                    context ->
                        assertThat(way.calls(context).get(named(uri) + "/")).endsWith("/sa/web")));
  }

  @ParameterizedTest
  @EnumSource
  void aServerWhoseIdentityIsItsDnsNameIsCalledByThatNameOnly(Way way) {
    withServer(
        shop.byDnsName("localhost"),
        uri ->
            client(shop.byDnsName("web.shop"), "reactor")
                .run(
                    context -> {
                      Calls calls = way.calls(context);
                      assertThat(calls.get(named(uri) + "/")).isEqualTo("web.shop");

                      assertThatThrownBy(() -> calls.get(uri + "/"))
                          .hasStackTraceContaining("SSLHandshakeException");
                    }));
  }

  private static String named(String uri) {
    return uri.replace("127.0.0.1", "localhost");
  }

  private interface Uses {
    void with(String uri) throws Exception;
  }

  private static void withServer(ServiceIdentity identity, Uses test) {
    MirrorServer.run(
        identity, running -> test.with("https://127.0.0.1:" + MirrorServer.port(running)));
  }

  private static ApplicationContextRunner client(ServiceIdentity identity, String http) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SslAutoConfiguration.class,
                IdentitySslAutoConfiguration.class,
                IdentityClientAutoConfiguration.class,
                HttpClientAutoConfiguration.class,
                ImperativeHttpClientAutoConfiguration.class,
                ReactiveHttpClientAutoConfiguration.class,
                RestClientAutoConfiguration.class,
                WebClientAutoConfiguration.class))
        .withPropertyValues(
            "spring.http.clients.imperative.factory=" + http,
            "spring.http.clients.reactive.connector=" + http)
        .withBean(ServiceIdentity.class, () -> identity);
  }
}
