// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Lets a {@code RestClient} call named services as this one: over TLS with its certificate if it
 * has one, with credentials in each request to them and nobody else, and following no redirects,
 * which would take these along.
 *
 * <pre>{@code
 * @Bean
 * RestClient payments(RestClient.Builder builder, RestClientIdentity identity) {
 *   return builder
 *       .baseUrl("https://payments.shop")
 *       .apply(identity.calling("https://payments.shop"))
 *       .build();
 * }
 * }</pre>
 *
 * <p>It takes the place of the builder's request factory. Of the HTTP clients, only Reactor Netty
 * can call a server whose certificate does not name its host; with the others it needs to.
 * Thread-safe.
 */
public final class RestClientIdentity {
  private final ClientHttpRequestFactoryBuilder<?> factories;
  private final IdentityConnections connections;
  private final ProvenCalls calls;

  RestClientIdentity(
      ClientHttpRequestFactoryBuilder<?> factories,
      IdentityConnections connections,
      ProvenCalls calls) {
    this.factories = factories;
    this.connections = connections;
    this.calls = calls;
  }

  /**
   * For services whose credentials need nothing but their origin.
   *
   * @param origins such as {@code https://payments.shop:8443}
   * @return for {@code RestClient.Builder.apply}
   * @throws IllegalArgumentException if one is no origin
   */
  public Consumer<RestClient.Builder> calling(String... origins) {
    return calling(CalledServices.of(origins));
  }

  /**
   * For services.
   *
   * @param services who gets credentials
   * @return for {@code RestClient.Builder.apply}
   */
  public Consumer<RestClient.Builder> calling(CalledServices services) {
    Supplier<ClientHttpRequestFactory> now = connections.atEachCall(factories::build);
    return builder ->
        builder
            .requestFactory((uri, method) -> now.get().createRequest(uri, method))
            .requestInterceptor(new IdentityInterceptor(calls.calling(services)));
  }
}
