// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.spi.IdentityListeners;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The generation in use, and its replacement. Readers take the current {@link Material} once and
 * work with that; a reading that fails changes nothing but health.
 */
final class Rotation {
  private static final Logger LOG = System.getLogger(Rotation.class.getName());

  private final PemDirectory source;
  private final OwnCertificate own;
  private final Clock clock;
  private final IdentityListeners listeners;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<@Nullable Material> current = new AtomicReference<>();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private final AtomicLong expiryTold = new AtomicLong();

  /** The latest failed reading of an episode. */
  record Failure(String message, Instant since) {}

  /** Reads the first generation, or throws. */
  Rotation(PemDirectory source, OwnCertificate own, Clock clock, IdentityListeners listeners) {
    this.source = source;
    this.own = own;
    this.clock = clock;
    this.listeners = listeners;
    Credential first = source.read();
    Instant now = clock.instant();
    current.set(new Material(own.check(first, 1, now), first, 0, now));
  }

  /**
   * The generation in use.
   *
   * @throws IdentityException with code {@code CLOSED} after closing
   */
  Material current() {
    Material material = current.get();
    if (material == null) {
      throw new IdentityException(CLOSED, "This mTLS identity has been closed; open a new one");
    }
    return material;
  }

  @Nullable Failure failure() {
    return failure.get();
  }

  /**
   * Reads the files, and puts them in use if they are new and good.
   *
   * @throws IdentityException if they are not good; the generation in use stays
   */
  void refresh() {
    long read = reads.incrementAndGet();
    Credential credential = source.read();
    while (true) {
      Material before = current();
      if (before.readNumber() > read || before.credential().sameAs(credential)) {
        failure.set(null);
        return;
      }
      Instant now = clock.instant();
      IdentitySnapshot identity = own.check(credential, before.generation() + 1, now);
      if (current.compareAndSet(before, new Material(identity, credential, read, now))) {
        failure.set(null);
        LOG.log(
            Level.INFO,
            "Now using {0}, valid until {1}",
            identity.principal(),
            identity.expiresAt());
        listeners.rotated(identity);
        return;
      }
    }
  }

  /** Puts a failed reading on record, and tells of it once per cause. */
  void failed(IdentityException cause) {
    Failure before = failure.get();
    String message = String.valueOf(cause.getMessage());
    if (before != null && before.message().equals(message)) {
      return;
    }
    failure.set(new Failure(message, before == null ? clock.instant() : before.since()));
    LOG.log(Level.WARNING, "The certificate in use stays: " + message, cause);
    Material material = current.get();
    if (material != null) {
      listeners.refreshFailed(material.identity(), cause);
    }
  }

  /** Tells once that the generation in use has expired. */
  void noticeExpiry() {
    Material material = current.get();
    if (material == null || clock.instant().isBefore(material.identity().expiresAt())) {
      return;
    }
    if (expiryTold.getAndSet(material.generation()) != material.generation()) {
      LOG.log(Level.WARNING, "{0} has expired and was not replaced", material.identity());
      listeners.expired(material.identity());
    }
  }

  void close() {
    current.set(null);
  }
}
