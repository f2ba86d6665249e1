// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.spring.ssl.IdentitySslAutoConfiguration;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

class IdentityClientsTest {
  private static final String PROOF = "Proof";

  private final FakeServiceIdentity identity =
      FakeServiceIdentity.of("kerberos:HTTP/orders@SHOP.EXAMPLE");
  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer payments;
  private HttpServer elsewhere;

  /** The two kinds of clients, which have to do the same. */
  enum Kind {
    REST {
      @Override
      String get(ApplicationContext context, String service, URI uri) {
        RestClient client =
            context
                .getBean(RestClient.Builder.class)
                .apply(context.getBean(RestClientIdentity.class).calling(service))
                .build();
        return String.valueOf(client.get().uri(uri).retrieve().body(String.class));
      }
    },
    WEB {
      @Override
      String get(ApplicationContext context, String service, URI uri) {
        WebClient client =
            context
                .getBean(WebClient.Builder.class)
                .apply(context.getBean(WebClientIdentity.class).calling(service))
                .build();
        return String.valueOf(client.get().uri(uri).retrieve().bodyToMono(String.class).block());
      }
    };

    abstract String get(ApplicationContext context, String service, URI uri);
  }

  @BeforeEach
  void start() throws Exception {
    identity.whenAskedForCredentials().once(token(1)).once(token(2));
    payments = server();
    elsewhere = server();
    answer(payments, "/proven", 200, PROOF, "right");
    answer(payments, "/wrong", 200, PROOF, "wrong");
    answer(payments, "/silent", 200, "Other", "field");
    answer(payments, "/refused", 403, "Other", "field");
    answer(payments, "/moved", 302, "Location", uri(elsewhere, "/proven").toString());
    answer(elsewhere, "/proven", 200, "Other", "field");
  }

  @AfterEach
  void stop() {
    payments.stop(0);
    elsewhere.stop(0);
  }

  @ParameterizedTest
  @EnumSource
  void eachRequestToANamedServiceCarriesCredentialsOfItsOwn(Kind kind) {
    running()
        .run(
            context -> {
              assertThat(get(kind, context, "/proven")).isEqualTo("200");
              assertThat(get(kind, context, "/proven")).isEqualTo("200");

              assertThat(received)
                  .containsExactly("/proven Negotiate token-1", "/proven Negotiate token-2");
            });
  }

  @ParameterizedTest
  @EnumSource
  void nobodyElseGetsAny(Kind kind) {
    running()
        .run(
            context -> {
              assertThat(kind.get(context, origin(payments), uri(elsewhere, "/proven")))
                  .isEqualTo("200");

              assertThat(received).containsExactly("/proven null");
            });
  }

  @ParameterizedTest
  @EnumSource
  void aRedirectIsNotFollowedForItWouldTakeTheCredentialsAlong(Kind kind) {
    unprovenAccepted()
        .run(
            context -> {
              get(kind, context, "/moved");

              assertThat(received).containsExactly("/moved Negotiate token-1");
            });
  }

  @ParameterizedTest
  @EnumSource
  void aWrongProofIsAnErrorThatSaysWhoGaveIt(Kind kind) {
    unprovenAccepted()
        .run(
            context ->
                assertThatThrownBy(() -> get(kind, context, "/wrong"))
                    .hasRootCauseInstanceOf(UnprovenServiceException.class)
                    .hasStackTraceContaining(origin(payments))
                    .hasStackTraceContaining("wrong proof of who it is: not of this ticket"));
  }

  @ParameterizedTest
  @EnumSource
  void aReplyWithoutProofIsAnErrorThatSaysWhatToSet(Kind kind) {
    running()
        .run(
            context ->
                assertThatThrownBy(() -> get(kind, context, "/silent"))
                    .hasRootCauseInstanceOf(UnprovenServiceException.class)
                    .hasStackTraceContaining("serviceidentity.client.unproven-replies=accept"));
  }

  @ParameterizedTest
  @EnumSource
  void aReplyWithoutProofIsUsedWhereThatIsConfigured(Kind kind) {
    unprovenAccepted().run(context -> assertThat(get(kind, context, "/silent")).isEqualTo("200"));
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsSeenAsSuchAlsoWithoutProof(Kind kind) {
    running()
        .run(
            context ->
                assertThatThrownBy(() -> get(kind, context, "/refused"))
                    .hasMessageContaining("403"));
  }

  @ParameterizedTest
  @EnumSource
  void aServiceThatHasNoCredentialsSendsNothing(Kind kind) {
    FakeServiceIdentity expired = FakeServiceIdentity.of("kerberos:HTTP/orders@SHOP.EXAMPLE");
    expired.own().expire();
    running(expired)
        .run(
            context -> {
              assertThatThrownBy(() -> get(kind, context, "/proven"))
                  .isInstanceOf(IdentityException.class);

              assertThat(received).isEmpty();
            });
  }

  @Test
  void theInterceptorBeanGoesByThePropertiesAndIsNotAppliedToAnybody() {
    running()
        .withPropertyValues(
            "serviceidentity.client.services=" + origin(payments),
            "spring.http.clients.redirects=dont-follow")
        .run(
            context -> {
              RestClient.Builder builder = context.getBean(RestClient.Builder.class);
              builder.build().get().uri(uri(payments, "/proven")).retrieve().toBodilessEntity();

              builder
                  .requestInterceptor(context.getBean(IdentityInterceptor.class))
                  .build()
                  .get()
                  .uri(uri(payments, "/proven"))
                  .retrieve()
                  .toBodilessEntity();

              assertThat(received).containsExactly("/proven null", "/proven Negotiate token-1");
            });
  }

  @Test
  void anAuthorizationOfTheApplicationIsNeitherReplacedNorDoubled() {
    running()
        .withPropertyValues(
            "serviceidentity.client.services=" + origin(payments),
            "spring.http.clients.redirects=dont-follow")
        .run(
            context -> {
              RestClient client =
                  context
                      .getBean(RestClient.Builder.class)
                      .requestInterceptor(context.getBean(IdentityInterceptor.class))
                      .defaultHeader("Authorization", "Basic eDp5")
                      .build();

              assertThatThrownBy(
                      () ->
                          client.get().uri(uri(payments, "/proven")).retrieve().body(String.class))
                  .isInstanceOf(IdentityException.class)
                  .hasMessageContaining("Authorization already");
              assertThat(received).isEmpty();
            });
  }

  @Test
  void theBeansOfThePropertyAreNotMadeWhereClientsFollowRedirects() {
    running()
        .withPropertyValues("serviceidentity.client.services=" + origin(payments))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("spring.http.clients.redirects=dont-follow"));
  }

  private ApplicationContextRunner running() {
    return running(identity);
  }

  private static ApplicationContextRunner running(ServiceIdentity identity) {
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
        .withBean(ServiceIdentity.class, () -> identity);
  }

  private ApplicationContextRunner unprovenAccepted() {
    return running().withPropertyValues("serviceidentity.client.unproven-replies=accept");
  }

  private String get(Kind kind, ApplicationContext context, String path) {
    return kind.get(context, origin(payments), uri(payments, path));
  }

  private static RequestCredentials token(int number) {
    var field = new HeaderField("Authorization", "Negotiate token-" + number);
    return RequestCredentials.of(field, IdentityClientsTest::judge);
  }

  private static Reply judge(int status, Map<String, List<String>> fields) {
    List<String> proof = fields.get(PROOF);
    if (proof == null) {
      return new Reply.Unauthenticated();
    }
    return proof.contains("right") ? new Reply.Complete() : new Reply.Failed("not of this ticket");
  }

  private static HttpServer server() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(address, 0);
    server.start();
    return server;
  }

  private void answer(HttpServer server, String path, int status, String name, String value) {
    byte[] body = Integer.toString(status).getBytes(UTF_8);
    server.createContext(
        path,
        exchange -> {
          received.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.getResponseHeaders().add(name, value);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static String origin(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static URI uri(HttpServer server, String path) {
    return URI.create(origin(server) + path);
  }
}
