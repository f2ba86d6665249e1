// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.IdentityRuntime;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer, asked for again and again. Those that were good stay in use while newer
 * ones cannot be had, for a time.
 */
final class IssuerKeys implements AutoCloseable {
  private static final Logger LOG = System.getLogger(IssuerKeys.class.getName());

  private static final Duration RETRY = Duration.ofMillis(200);

  private final String issuer;
  private final KeySource source;
  private final Pace pace;
  private final Clock clock;
  private final AtomicReference<@Nullable Loading> loading = new AtomicReference<>();
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final ScheduledFuture<?> regularly;
  private volatile @Nullable Held held;
  private volatile @Nullable Trouble trouble;
  private volatile @Nullable IdentityException lastFailure;

  /**
   * How often, and for how long.
   *
   * @param refresh how often the keys are asked for
   * @param unknown how often at most because a token names a key that is not known
   * @param longest for how long they are used while newer ones cannot be had
   */
  record Pace(Duration refresh, Duration unknown, Duration longest) {}

  /**
   * Keys in use.
   *
   * @param json as they were sent
   * @param keys as they were read
   * @param generation one more with each change
   * @param provenAt when they were sent last
   */
  record Held(String json, KeySet keys, long generation, Instant provenAt) {}

  /** An attempt, and when it began. */
  private record Loading(CompletableFuture<Void> done, Instant begun) {}

  private IssuerKeys(
      String issuer, KeySource source, Pace pace, Clock clock, ScheduledExecutorService scheduler) {
    this.issuer = issuer;
    this.source = source;
    this.pace = pace;
    this.clock = clock;
    long nanos = pace.refresh().toNanos();
    this.regularly =
        scheduler.scheduleWithFixedDelay(this::loadRegularly, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Waits for the first keys; asks again while there is no answer, but not after a wrong one. */
  static IssuerKeys open(String issuer, KeySource source, Pace pace, IdentityRuntime runtime) {
    var keys = new IssuerKeys(issuer, source, pace, runtime.clock(), runtime.scheduler());
    keys.loadFirst(runtime.scheduler());
    try {
      keys.first.get(runtime.openTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw keys.unopened(ApiCalls.reason(e).code(), e);
    } catch (TimeoutException e) {
      throw keys.unopened(Code.AUTHORITY_UNREACHABLE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw keys.unopened(Code.NOT_READY, e);
    }
    return keys;
  }

  private void loadFirst(ScheduledExecutorService scheduler) {
    CompletableFuture<Void> unused =
        load(Duration.ZERO)
            .thenRun(
                () -> {
                  IdentityException why = lastFailure;
                  if (held != null) {
                    first.complete(null);
                  } else if (why != null && why.code() != Code.AUTHORITY_UNREACHABLE) {
                    first.completeExceptionally(why);
                  } else if (!regularly.isCancelled()) {
                    ScheduledFuture<?> again =
                        scheduler.schedule(
                            () -> loadFirst(scheduler), RETRY.toMillis(), TimeUnit.MILLISECONDS);
                    if (regularly.isCancelled()) {
                      again.cancel(false);
                    }
                  }
                });
  }

  private IdentityException unopened(Code code, @Nullable Exception cause) {
    close();
    Trouble known = trouble;
    return new IdentityException(
        code,
        "The keys of the issuer "
            + issuer
            + " cannot be had: "
            + (known == null ? "there is no answer in time" : known.what()),
        cause);
  }

  /** Those in use, or null if they are too old. */
  @Nullable Held current() {
    Held keys = held;
    return keys == null || clock.instant().isAfter(keys.provenAt().plus(pace.longest()))
        ? null
        : keys;
  }

  @Nullable Trouble trouble() {
    return trouble;
  }

  /** Newer keys, if they may be asked for again; complete at once if not. */
  CompletionStage<Void> refreshForUnknown() {
    return load(pace.unknown());
  }

  private void loadRegularly() {
    CompletableFuture<Void> unused = load(Duration.ZERO);
  }

  /** One attempt at a time, and none so soon after the one before. */
  private CompletableFuture<Void> load(Duration pause) {
    Instant now = clock.instant();
    Loading before = loading.get();
    if (before != null && (!before.done().isDone() || now.isBefore(before.begun().plus(pause)))) {
      return before.done();
    }
    var mine = new Loading(new CompletableFuture<>(), now);
    if (!loading.compareAndSet(before, mine)) {
      return load(pause);
    }
    CompletableFuture<Void> unused =
        CompletableFuture.completedFuture(source)
            .thenCompose(KeySource::fetch)
            .thenAccept(this::take)
            .whenComplete(
                (taken, error) -> {
                  try {
                    if (error != null) {
                      failed(ApiCalls.reason(error));
                    }
                  } finally {
                    mine.done().complete(null);
                  }
                });
    return mine.done();
  }

  private void take(String json) {
    Held before = held;
    Instant now = clock.instant();
    KeySet keys = before != null && before.json().equals(json) ? before.keys() : read(json);
    long generation = before == null ? 1 : before.generation();
    if (before != null && !before.keys().equals(keys)) {
      generation++;
    }
    held = new Held(json, keys, generation, now);
    trouble =
        keys.troubles().isEmpty()
            ? null
            : Trouble.of(
                trouble,
                "The issuer " + issuer + " has keys that are not used: " + keys.troubles(),
                now);
  }

  private KeySet read(String json) {
    try {
      KeySet keys = KeySet.parse(json);
      LOG.log(Level.INFO, "The issuer {0} has {1} keys", issuer, keys.all().size());
      return keys;
    } catch (ParseException e) {
      throw new IdentityException(
          Code.REFUSED, "They are no good: " + ForeignText.quote(String.valueOf(e.getMessage())));
    }
  }

  private void failed(IdentityException why) {
    lastFailure = why;
    Trouble before = trouble;
    Trouble now = Trouble.of(before, String.valueOf(why.getMessage()), clock.instant());
    trouble = now;
    if (!now.equals(before)) {
      LOG.log(Level.WARNING, "The keys of the issuer " + issuer + " stay: " + now.what(), why);
    }
  }

  @Override
  public void close() {
    regularly.cancel(false);
  }
}
