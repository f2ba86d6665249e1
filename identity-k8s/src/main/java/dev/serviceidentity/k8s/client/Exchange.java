// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An answer that is waited for. */
public final class Exchange {
  private Exchange() {}

  /**
   * Bounds a whole exchange, its body included, and cancels what is still under way then, where the
   * client can: a timeout of the future itself would leave nothing to cancel, and that of a request
   * ends with the headers.
   *
   * @param exchange as the client gave it, whose {@code cancel} ends it
   * @param patience how long it may take
   * @param <T> the type of the answer
   * @return fails with a {@link java.util.concurrent.TimeoutException} when the time is up
   */
  public static <T> CompletableFuture<T> within(CompletableFuture<T> exchange, Duration patience) {
    return exchange
        .copy()
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                exchange.cancel(true);
              }
            });
  }
}
