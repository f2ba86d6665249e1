// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import dev.serviceidentity.mtls.upkeep.Followed;
import dev.serviceidentity.spi.IdentityListeners;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The generation in use, and its replacement. Readers take the current {@link Material} once and
 * work with that; a reading that fails changes nothing but health, and whom to trust if that part
 * is good.
 */
final class Rotation implements Followed {
  private static final Logger LOG = System.getLogger(Rotation.class.getName());

  private final CertificateSource source;
  private final FederatedBundles federation;
  private final OwnCertificate own;
  private final Clock clock;
  private final IdentityListeners listeners;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<@Nullable Material> current = new AtomicReference<>();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private final AtomicReference<@Nullable String> refusalTold = new AtomicReference<>();
  private final AtomicReference<@Nullable Instant> lateTold = new AtomicReference<>();
  private final AtomicLong expiryTold = new AtomicLong();

  /** The latest failed reading of an episode. */
  record Failure(String message, Instant since) {}

  /** Reads the first generation, or throws. */
  Rotation(
      CertificateSource source,
      FederatedBundles federation,
      OwnCertificate own,
      Clock clock,
      IdentityListeners listeners) {
    this.source = source;
    this.federation = federation;
    this.own = own;
    this.clock = clock;
    this.listeners = listeners;
    Credential first = source.read();
    Instant now = clock.instant();
    FederatedBundles.Reading others = federation.read();
    if (others.failure() != null) {
      throw others.failure();
    }
    current.set(
        new Material(
            own.check(first, 1, now), first, others.with(first.trust(), Map.of()), 0, now));
    warnOfRefusal(first, now);
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
   * @throws IdentityException if they are not good; the identity in use stays, and the trust of
   *     each trust domain whose file is not good
   */
  @Override
  public void refresh() {
    long read = reads.incrementAndGet();
    Failure known = failure.get();
    FederatedBundles.Reading others = federation.read();
    try {
      use(source.read(), others, read);
    } catch (RuntimeException ownOrTrust) {
      followTrust(others, read, ownOrTrust);
      throw ownOrTrust;
    }
    if (others.failure() != null) {
      throw others.failure();
    }
    // What another reading has found in the meantime may be newer than this one.
    failure.compareAndSet(known, null);
  }

  private void use(Credential credential, FederatedBundles.Reading others, long read) {
    while (true) {
      Material before = current();
      Instant now = clock.instant();
      boolean known = before.credential().sameAs(credential);
      long generation = before.generation() + 1;
      // Also of what is in use already: it may have expired since.
      IdentitySnapshot identity =
          known
              ? own.checkAgain(credential, generation, now)
              : own.check(credential, generation, now);
      Map<String, TrustBundle> trust = others.with(credential.trust(), before.trust());
      if (known && before.trust().equals(trust)) {
        return;
      }
      if (before.readNumber() > read) {
        return; // A later reading has decided, perhaps of the trust alone.
      }
      if (current.compareAndSet(before, new Material(identity, credential, trust, read, now))) {
        LOG.log(
            Level.INFO,
            "Now using {0}, valid until {1}",
            identity.principal(),
            identity.expiresAt());
        warnOfRefusal(credential, now);
        listeners.rotated(identity);
        return;
      }
    }
  }

  /**
   * Whom to trust does not wait for the own certificate: an authority that was removed is out at
   * once. To judge callers needs no identity of one's own, so this goes on after it has expired.
   */
  private void followTrust(FederatedBundles.Reading others, long read, RuntimeException failed) {
    Map<String, TrustBundle> readable = null;
    try {
      readable = source.readTrust();
    } catch (IdentityException trustToo) {
      failed.addSuppressed(trustToo);
    }
    if (others.failure() != null) {
      failed.addSuppressed(others.failure());
    }
    Material before = current.get();
    while (before != null && before.readNumber() <= read) {
      Map<String, TrustBundle> own = readable == null ? before.credential().trust() : readable;
      Map<String, TrustBundle> trust = others.with(own, before.trust());
      if (trust.equals(before.trust())) {
        return;
      }
      Material next = before.trusting(own, trust, read, clock.instant());
      if (current.compareAndSet(before, next)) {
        LOG.log(Level.INFO, "Now using the authorities alone: {0}", next.credential());
        listeners.rotated(next.identity());
        return;
      }
      before = current.get();
    }
  }

  /** Puts a failed reading on record, and tells of it once per cause. */
  @Override
  public void failed(IdentityException cause) {
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

  /** Tells once that the generation in use is about to end, and once that it has. */
  @Override
  public void noticeTime() {
    Material material = current.get();
    if (material == null) {
      return;
    }
    Instant now = clock.instant();
    IdentitySnapshot identity = material.identity();
    if (!now.isBefore(identity.expiresAt())) {
      if (expiryTold.getAndSet(material.generation()) != material.generation()) {
        LOG.log(
            Level.WARNING,
            "This service's certificate has expired and was not replaced: " + identity);
        listeners.expired(identity);
      }
    } else if (!now.isBefore(CertificateHealth.late(identity))
        && !identity.expiresAt().equals(lateTold.getAndSet(identity.expiresAt()))) {
      LOG.log(
          Level.WARNING,
          "This service's certificate ends soon and was not replaced; renew it: " + identity);
    }
  }

  /** Reads again because the source says so, on its thread. */
  void changed() {
    try {
      refresh();
    } catch (IdentityException e) {
      if (e.code() != CLOSED) {
        failed(e);
      }
    }
  }

  void close() {
    current.set(null);
  }

  /** Tells once what health() goes on telling: in use, but of no use with peers like this one. */
  private void warnOfRefusal(Credential credential, Instant now) {
    String refusal = own.refusalByPeers(credential, now);
    if (refusal != null && !refusal.equals(refusalTold.get())) {
      LOG.log(Level.WARNING, refusal);
    }
    refusalTold.set(refusal);
  }
}
