// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Proves who this service is in each request of a {@code RestClient} or {@code RestTemplate} to a
 * service that was named, and refuses the replies of impostors. Requests to others pass as they
 * are.
 *
 * <p>It is never applied by itself; {@link RestClientIdentity} does more. An HTTP client that
 * follows redirects by itself may take the credentials along to wherever it is sent: let it follow
 * none. Thread-safe; blocks as {@link ServiceIdentity#credentialsFor} does.
 */
public final class IdentityInterceptor implements ClientHttpRequestInterceptor {
  private final ProvenCalls calls;

  IdentityInterceptor(ProvenCalls calls) {
    this.calls = calls;
  }

  /**
   * An interceptor.
   *
   * @param identity gives the identity, which need not be open before the first call
   * @param services who gets credentials
   * @param unproven what becomes of replies without proof
   * @return a new interceptor
   */
  public static IdentityInterceptor of(
      Supplier<ServiceIdentity> identity, CalledServices services, UnprovenReplies unproven) {
    return new IdentityInterceptor(
        new ProvenCalls(
            Objects.requireNonNull(identity, "identity"),
            Objects.requireNonNull(services, "services"),
            Objects.requireNonNull(unproven, "unproven")));
  }

  /**
   * Calls with proof, if the service was named.
   *
   * @throws UnprovenServiceException if the service has not proven who it is
   * @throws dev.serviceidentity.identity.IdentityException if there are no credentials
   */
  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    Optional<Target> target = calls.target(request.getURI());
    if (target.isEmpty()) {
      return execution.execute(request, body);
    }
    RequestCredentials mine = calls.credentialsFor(target.get());
    ProvenCalls.apply(mine, request.getHeaders());
    ClientHttpResponse response = execution.execute(request, body);
    try {
      calls.requireProof(
          mine, request.getURI(), response.getStatusCode().value(), response.getHeaders());
    } catch (UnprovenServiceException impostor) {
      response.close();
      throw impostor;
    }
    return response;
  }
}
