// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

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
import org.jspecify.annotations.Nullable;

/**
 * The token for one audience. It is asked for by one call at a time; replaced in the background
 * once two thirds of it are over, and served until it ends.
 */
final class AudienceToken {
  /** A token must outlive the request that brings it. */
  private static final Duration LAST_USE = Duration.ofSeconds(5);

  /** The agent's own limit is shorter. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Agent agent;
  private final JwtSvidReader reader;
  private final Backoff backoff;
  private final Clock clock;
  private final AtomicReference<@Nullable JwtSvid> newest = new AtomicReference<>();
  private final AtomicReference<@Nullable CompletableFuture<JwtSvid>> asking =
      new AtomicReference<>();
  private final AtomicReference<Pause> pause = new AtomicReference<>(new Pause(0, Instant.MIN));

  /** The failures in a row, and when the next attempt in the background is due. */
  private record Pause(int failures, Instant until) {}

  AudienceToken(Agent agent, JwtSvidReader reader, Backoff backoff, Clock clock) {
    this.agent = agent;
    this.reader = reader;
    this.backoff = backoff;
    this.clock = clock;
  }

  /**
   * A token that is good for a request now; asks the agent if there is none.
   *
   * @throws IdentityException if the agent gives none
   */
  JwtSvid get() {
    Instant now = clock.instant();
    JwtSvid token = newest.get();
    if (token == null || !now.isBefore(token.expiresAt().minus(LAST_USE))) {
      return join(ask());
    }
    if (!now.isBefore(token.renewAt()) && !now.isBefore(due())) {
      CompletableFuture<JwtSvid> unused = ask();
    }
    return token;
  }

  private Instant due() {
    Pause known = pause.get();
    return known == null ? Instant.MIN : known.until();
  }

  private CompletableFuture<JwtSvid> ask() {
    var mine = new CompletableFuture<JwtSvid>();
    CompletableFuture<JwtSvid> other = asking.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    try {
      agent.ask(ApiMethod.JWT_SVID, reader.request(), new Answer(mine));
    } catch (IdentityException closed) {
      new Answer(mine).failed(closed);
    }
    return mine;
  }

  private JwtSvid join(CompletableFuture<JwtSvid> answer) {
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IdentityException why) {
        throw new IdentityException(why.code(), String.valueOf(why.getMessage()), why);
      }
      throw new IllegalStateException("A token cannot be read", e.getCause());
    } catch (TimeoutException e) {
      throw new IdentityException(
          AUTHORITY_UNREACHABLE,
          "The Workload API at " + agent.api() + " gives no JWT-SVID in time; see the agent's log",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IdentityException(NOT_READY, "Interrupted while waiting for a JWT-SVID", e);
    }
  }

  private final class Answer implements Receiver {
    private final CompletableFuture<JwtSvid> waiting;

    Answer(CompletableFuture<JwtSvid> waiting) {
      this.waiting = waiting;
    }

    @Override
    public void received(byte[] message) {
      JwtSvid token;
      try {
        token = reader.read(message, null);
      } catch (IdentityException e) {
        failed(e);
        return;
      }
      newest.set(token);
      pause.set(new Pause(0, Instant.MIN));
      asking.set(null);
      waiting.complete(token);
    }

    @Override
    public void failed(IdentityException why) {
      pause.updateAndGet(
          known -> {
            int failures = known.failures() + 1;
            return new Pause(failures, clock.instant().plus(backoff.after(failures)));
          });
      asking.set(null);
      waiting.completeExceptionally(why);
    }
  }
}
