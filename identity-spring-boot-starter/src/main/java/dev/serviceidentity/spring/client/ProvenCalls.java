// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;

/**
 * What both kinds of clients do: credentials for named services, and a look at what these answer.
 *
 * @param identity gives the identity, which need not be open before the first call
 * @param services who gets credentials
 * @param unproven what becomes of replies without proof
 */
record ProvenCalls(
    Supplier<ServiceIdentity> identity, CalledServices services, UnprovenReplies unproven) {
  private static final int FIRST_REFUSAL = 400;

  ProvenCalls calling(CalledServices others) {
    return new ProvenCalls(identity, others, unproven);
  }

  Optional<Target> target(URI uri) {
    return services.target(uri);
  }

  /** May wait for an authority. */
  RequestCredentials credentialsFor(Target target) {
    return identity.get().credentialsFor(target);
  }

  static void apply(RequestCredentials mine, HttpHeaders headers) {
    mine.applyTo(
        (name, value) -> {
          if (headers.containsHeader(name)) {
            throw new IdentityException(
                IdentityException.Code.CONFIGURATION,
                "The request has "
                    + name
                    + " already: let the application not set it for services that are called with"
                    + " this service's identity");
          }
          headers.add(name, value);
        });
  }

  void requireProof(RequestCredentials mine, URI uri, int status, HttpHeaders headers)
      throws UnprovenServiceException {
    Reply reply = mine.verifyReply(status, fields(headers));
    String service = uri.getScheme() + "://" + uri.getRawAuthority();
    if (reply instanceof Reply.Failed failed) {
      throw new UnprovenServiceException(
          service + " has given a wrong proof of who it is: " + failed.reason());
    }
    if (reply instanceof Reply.Unauthenticated
        && unproven == UnprovenReplies.REFUSE
        && status < FIRST_REFUSAL) {
      throw new UnprovenServiceException(
          service
              + " has not proven who it is; where the credentials prove one end only, as tokens do,"
              + " set serviceidentity.client.unproven-replies=accept");
    }
  }

  private static Map<String, List<String>> fields(HttpHeaders headers) {
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(fields::put);
    return fields;
  }
}
