// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Lets a {@code WebClient} call named services as this one: over TLS with its certificate if it has
 * one, with credentials in each request to them and nobody else, and following no redirects, which
 * would take these along.
 *
 * <pre>{@code
 * @Bean
 * WebClient payments(WebClient.Builder builder, WebClientIdentity identity) {
 *   return builder
 *       .baseUrl("https://payments.shop")
 *       .apply(identity.calling("https://payments.shop"))
 *       .build();
 * }
 * }</pre>
 *
 * <p>It takes the place of the builder's connector. Of the HTTP clients, only Reactor Netty can
 * call a server whose certificate does not name its host; with the others it needs to. Thread-safe.
 */
public final class WebClientIdentity {
  private final ClientHttpConnectorBuilder<?> connectors;
  private final IdentityConnections connections;
  private final ProvenCalls calls;

  WebClientIdentity(
      ClientHttpConnectorBuilder<?> connectors,
      IdentityConnections connections,
      ProvenCalls calls) {
    this.connectors = connectors;
    this.connections = connections;
    this.calls = calls;
  }

  /**
   * For services whose credentials need nothing but their origin.
   *
   * @param origins such as {@code https://payments.shop:8443}
   * @return for {@code WebClient.Builder.apply}
   * @throws IllegalArgumentException if one is no origin
   */
  public Consumer<WebClient.Builder> calling(String... origins) {
    return calling(CalledServices.of(origins));
  }

  /**
   * For services.
   *
   * @param services who gets credentials
   * @return for {@code WebClient.Builder.apply}
   */
  public Consumer<WebClient.Builder> calling(CalledServices services) {
    Supplier<ClientHttpConnector> now = connections.atEachCall(connectors::build);
    return builder ->
        builder
            .clientConnector((method, uri, request) -> now.get().connect(method, uri, request))
            .filter(new IdentityExchangeFilter(calls.calling(services)));
  }
}
