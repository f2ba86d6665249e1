// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.spi.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Tokens for audiences without a file, by TokenRequest for the account and pod that the own token
 * names. Of more than a thousand audiences the one that was not used for longest is forgotten.
 */
final class RequestedTokens {
  private static final int MOST_AUDIENCES = 1_000;
  private static final long SECONDS = Duration.ofHours(1).toSeconds();
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final ApiCalls api;
  private final Supplier<OwnToken> self;
  private final TokenForm form;
  private final Clock clock;
  private final Backoff backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, new Random());
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, RequestedToken> tokens = new LinkedHashMap<>(16, 0.75f, true);

  RequestedTokens(ApiCalls api, Supplier<OwnToken> self, TokenForm form, Clock clock) {
    this.api = api;
    this.self = self;
    this.form = form;
    this.clock = clock;
  }

  OwnToken get(String audience) {
    return of(audience).get();
  }

  private RequestedToken of(String audience) {
    lock.lock();
    try {
      RequestedToken token =
          tokens.computeIfAbsent(
              audience, name -> new RequestedToken(() -> request(name), backoff, clock));
      if (tokens.size() > MOST_AUDIENCES) {
        tokens.remove(tokens.keySet().iterator().next());
      }
      return token;
    } finally {
      lock.unlock();
    }
  }

  private CompletableFuture<OwnToken> request(String audience) {
    OwnToken own = self.get();
    ServiceAccountName account;
    try {
      account = ServiceAccountNaming.account(own.token().claims());
    } catch (RefusedToken e) {
      throw new IllegalStateException("It was read as a service account's", e);
    }
    String path =
        "/api/v1/namespaces/" + account.namespace() + "/serviceaccounts/" + account.name();
    return api.post(path + "/token", body(audience, own))
        .thenApply(
            answer ->
                OwnToken.read(token(answer), audience, form, "of a TokenRequest", clock.instant()))
        .exceptionally(
            failed -> {
              throw withRight(ApiCalls.reason(failed), account);
            });
  }

  /** Bound to the same pod as the own token, so that it ends with it. */
  private static Map<String, Object> body(String audience, OwnToken own) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("audiences", List.of(audience));
    spec.put("expirationSeconds", SECONDS);
    own.self()
        .boundPod()
        .ifPresent(
            pod ->
                spec.put(
                    "boundObjectRef",
                    Map.of(
                        "apiVersion", "v1", "kind", "Pod", "name", pod.name(), "uid", pod.uid())));
    return Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest", "spec", spec);
  }

  private static String token(Map<String, Object> answer) {
    return answer.get("status") instanceof Map<?, ?> status
            && status.get("token") instanceof String token
        ? token
        : "";
  }

  private static IdentityException withRight(IdentityException why, ServiceAccountName account) {
    return why.code() != Code.REFUSED
        ? why
        : new IdentityException(
            Code.REFUSED,
            why.getMessage()
                + ". Grant "
                + account
                + " create on serviceaccounts/token of itself, or mount a projected token for this"
                + " audience",
            why);
  }
}
