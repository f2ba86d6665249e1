// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * Keys of a cluster, from its API server, which wants to know who asks. Where its document says
 * that they are is an address for others, which pods may not reach.
 */
final class ClusterKeySource implements KeySource {
  private static final String KEYS = "/openid/v1/jwks";

  private final ApiCalls api;
  private final Discovery discovery;

  ClusterKeySource(ApiCalls api, String issuer) {
    this.api = api;
    this.discovery = new Discovery(issuer);
  }

  @Override
  public CompletableFuture<String> fetch() {
    return api.get(Discovery.PATH)
        .thenCompose(
            document -> {
              URI unused = discovery.keysOf(document);
              return api.get(KEYS);
            })
        .exceptionally(
            failed -> {
              throw withRight(ApiCalls.reason(failed));
            });
  }

  private static IdentityException withRight(IdentityException why) {
    return why.code() != Code.REFUSED || !String.valueOf(why.getMessage()).contains(" 403 ")
        ? why
        : new IdentityException(
            Code.REFUSED,
            why.getMessage()
                + ". Grant this service's account the ClusterRole"
                + " system:service-account-issuer-discovery",
            why);
  }
}
