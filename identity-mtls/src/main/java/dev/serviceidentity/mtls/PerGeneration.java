// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mechanism.IdentityMechanism;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that is made anew for each generation of an identity. A client's open connections go on
 * with the certificate that they were made with, and are refused when that has expired; over HTTP/2
 * a server cannot always ask for another one. A client of its own has none of the earlier
 * connections, and the one before it is let go with its last call.
 *
 * <pre>{@code
 * var clients = PerGeneration.of(identity, () -> HttpClient.newBuilder()
 *     .sslContext(identity.tls().orElseThrow().sslContext())
 *     .build());
 * clients.current().send(request, BodyHandlers.ofString());
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @param <T> what is made, such as an HTTP client; it needs no closing
 */
public final class PerGeneration<T> {
  private record Made<T>(long generation, T client) {}

  private final IdentityMechanism identity;
  private final Supplier<T> maker;
  private final AtomicReference<@Nullable Made<T>> latest = new AtomicReference<>();

  private PerGeneration(IdentityMechanism identity, Supplier<T> maker) {
    this.identity = Objects.requireNonNull(identity, "identity");
    this.maker = Objects.requireNonNull(maker, "maker");
  }

  /**
   * Makes nothing yet.
   *
   * @param <T> what is made
   * @param identity whose generations count
   * @param maker makes one; when two threads are first at once, one of two is used
   * @return a new object
   */
  public static <T> PerGeneration<T> of(IdentityMechanism identity, Supplier<T> maker) {
    return new PerGeneration<>(identity, maker);
  }

  /**
   * The one for the generation in use: ask for it at each call, and do not keep it.
   *
   * @return the same until the identity rotates
   * @throws IdentityException with code {@code CLOSED} after the identity was closed
   */
  public T current() {
    long generation = identity.current().generation();
    Made<T> made = latest.get();
    if (made != null && made.generation() >= generation) {
      return made.client();
    }
    Made<T> next = new Made<>(generation, maker.get());
    Made<T> winner = latest.compareAndSet(made, next) ? next : latest.get();
    return winner == null ? next.client() : winner.client();
  }
}
