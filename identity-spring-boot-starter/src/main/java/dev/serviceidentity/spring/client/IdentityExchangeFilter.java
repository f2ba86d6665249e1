// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Proves who this service is in each request of a {@code WebClient} to a service that was named,
 * and refuses the replies of impostors with an {@link UnprovenServiceException}. Requests to others
 * pass as they are. Each subscription is a request with credentials of its own, so that retries are
 * no replays.
 *
 * <p>It is never applied by itself; {@link WebClientIdentity} does more. An HTTP client that
 * follows redirects by itself may take the credentials along to wherever it is sent: let it follow
 * none. Thread-safe; never blocks an event loop, for it asks for credentials on {@link
 * Schedulers#boundedElastic()}.
 */
public final class IdentityExchangeFilter implements ExchangeFilterFunction {
  private final ProvenCalls calls;

  IdentityExchangeFilter(ProvenCalls calls) {
    this.calls = calls;
  }

  /**
   * A filter.
   *
   * @param identity gives the identity, which need not be open before the first call
   * @param services who gets credentials
   * @param unproven what becomes of replies without proof
   * @return a new filter
   */
  public static IdentityExchangeFilter of(
      Supplier<ServiceIdentity> identity, CalledServices services, UnprovenReplies unproven) {
    return new IdentityExchangeFilter(
        new ProvenCalls(
            Objects.requireNonNull(identity, "identity"),
            Objects.requireNonNull(services, "services"),
            Objects.requireNonNull(unproven, "unproven")));
  }

  @Override
  public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
    return calls
        .target(request.url())
        .map(target -> proven(request, target, next))
        .orElseGet(() -> next.exchange(request));
  }

  private Mono<ClientResponse> proven(ClientRequest request, Target target, ExchangeFunction next) {
    return Mono.fromCallable(() -> calls.credentialsFor(target))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(
            mine ->
                next.exchange(with(mine, request))
                    .flatMap(response -> judged(mine, request.url(), response)));
  }

  private static ClientRequest with(RequestCredentials mine, ClientRequest request) {
    return ClientRequest.from(request).headers(headers -> ProvenCalls.apply(mine, headers)).build();
  }

  private Mono<ClientResponse> judged(RequestCredentials mine, URI uri, ClientResponse response) {
    try {
      calls.requireProof(
          mine, uri, response.statusCode().value(), response.headers().asHttpHeaders());
      return Mono.just(response);
    } catch (UnprovenServiceException impostor) {
      return response.releaseBody().then(Mono.error(impostor));
    }
  }
}
