// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.NOT_READY;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A token that is asked for, by one call at a time; replaced in the background once two thirds of
 * it are over, and served until it ends.
 */
final class RequestedToken {
  /** A token must outlive the request that brings it. */
  static final Duration LAST_USE = Duration.ofSeconds(5);

  /** The API server's own limit is shorter. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Supplier<CompletableFuture<OwnToken>> request;
  private final Backoff backoff;
  private final Clock clock;
  private final AtomicReference<@Nullable CompletableFuture<OwnToken>> asking =
      new AtomicReference<>();
  private volatile State state = new State(null, 0, Instant.MIN);

  /** The newest token; the failures in a row since; when the next attempt is due. */
  private record State(@Nullable OwnToken token, int failures, Instant due) {}

  RequestedToken(Supplier<CompletableFuture<OwnToken>> request, Backoff backoff, Clock clock) {
    this.request = request;
    this.backoff = backoff;
    this.clock = clock;
  }

  /** A token that is good for a request now; waits if there is none. */
  OwnToken get() {
    Instant now = clock.instant();
    State known = state;
    OwnToken token = known.token();
    if (token == null || !now.isBefore(token.expiresAt().minus(LAST_USE))) {
      return join(ask());
    }
    if (!now.isBefore(token.renewAt()) && !now.isBefore(known.due())) {
      CompletableFuture<OwnToken> unused = ask();
    }
    return token;
  }

  private CompletableFuture<OwnToken> ask() {
    var mine = new CompletableFuture<OwnToken>();
    CompletableFuture<OwnToken> other = asking.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    CompletableFuture<OwnToken> unused =
        CompletableFuture.completedFuture(request)
            .thenCompose(Supplier::get)
            .whenComplete((token, error) -> settle(mine, token, error));
    return mine;
  }

  private void settle(
      CompletableFuture<OwnToken> waiting, @Nullable OwnToken token, @Nullable Throwable error) {
    try {
      state = next(token);
    } finally {
      asking.set(null);
      if (token != null) {
        waiting.complete(token);
      } else {
        waiting.completeExceptionally(
            error == null ? new IllegalStateException("Neither token nor error") : error);
      }
    }
  }

  private State next(@Nullable OwnToken token) {
    State before = state;
    if (token != null) {
      return new State(token, 0, Instant.MIN);
    }
    int failures = before.failures() + 1;
    return new State(before.token(), failures, clock.instant().plus(backoff.after(failures)));
  }

  private static OwnToken join(CompletableFuture<OwnToken> answer) {
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      IdentityException why = ApiCalls.reason(e);
      throw new IdentityException(why.code(), String.valueOf(why.getMessage()), why);
    } catch (TimeoutException e) {
      throw new IdentityException(
          AUTHORITY_UNREACHABLE, "The API server gives no token in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IdentityException(NOT_READY, "Interrupted while waiting for a token", e);
    }
  }
}
