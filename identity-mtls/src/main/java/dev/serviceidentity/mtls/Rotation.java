// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.TrustBundle;
import dev.serviceidentity.mtls.upkeep.Refreshable;
import dev.serviceidentity.spi.IdentityListeners;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The generation in use, and its replacement. Readers take the current {@link Material} once and
 * work with that; a reading that fails changes nothing but health, and whom to trust if that part
 * is good.
 */
final class Rotation implements Refreshable {
  private static final Logger LOG = System.getLogger(Rotation.class.getName());

  private final CertificateSource source;
  private final FederatedBundles federation;
  private final OwnCertificate own;
  private final Clock clock;
  private final IdentityListeners listeners;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<@Nullable Material> current = new AtomicReference<>();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private final ToldOnce<String> refusals = new ToldOnce<>();
  // By the end and not by the generation: other trust is another generation of the same identity.
  private final ToldOnce<Instant> lateEnds = new ToldOnce<>();
  private final ToldOnce<Instant> expiries = new ToldOnce<>();

  /** The latest failed reading of an episode. */
  record Failure(String message, Instant since) {}

  private Rotation(
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
  }

  /** Reads the first generation, or throws. */
  static Rotation open(
      CertificateSource source,
      FederatedBundles federation,
      OwnCertificate own,
      Clock clock,
      IdentityListeners listeners) {
    var rotation = new Rotation(source, federation, own, clock, listeners);
    rotation.begin();
    return rotation;
  }

  private void begin() {
    Credential first = readSource();
    Instant now = clock.instant();
    FederatedBundles.Reading others = federation.read();
    if (others.failure() != null) {
      throw others.failure();
    }
    current.set(
        new Material(
            own.check(first, 1, now), first, others.with(first.trust(), Map.of()), 0, now));
    warnOfRefusal(first, now);
    ofSource(source::trouble).ifPresent(this::failed);
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
    while (!isRead()) {
      LOG.log(Level.DEBUG, "Another reading has been put in use meanwhile; reading again");
    }
  }

  /**
   * Reads once. Another reading may have been put in use since this one began: then it cannot be
   * known which of the two has read what is newer, and an authority that was removed must not come
   * back.
   *
   * @return whether that was good for anything
   */
  private boolean isRead() {
    long begun = reads.incrementAndGet();
    Failure known = failure.get();
    FederatedBundles.Reading others = federation.read();
    boolean newest;
    try {
      newest = use(readSource(), others, begun);
    } catch (RuntimeException ownOrTrust) {
      // Whatever it was: whom to trust does not wait for the own certificate.
      if (!followTrust(others, begun, ownOrTrust)) {
        return false;
      }
      throw ownOrTrust;
    }
    if (!newest) {
      return false;
    }
    throwAny(others);
    // What another reading has found in the meantime may be newer than this one.
    failure.compareAndSet(known, null);
    return true;
  }

  /** What the reading has left as it was, though the rest of it is in use. */
  private void throwAny(FederatedBundles.Reading others) {
    if (others.failure() != null) {
      throw others.failure();
    }
    Optional<IdentityException> trouble = ofSource(source::trouble);
    if (trouble.isPresent()) {
      throw trouble.get();
    }
  }

  private Credential readSource() {
    return ofSource(source::read);
  }

  private Map<String, TrustBundle> readTrustOfSource() {
    return ofSource(() -> Map.copyOf(source.readTrust()));
  }

  private <T> T ofSource(Supplier<T> reading) {
    try {
      return Objects.requireNonNull(reading.get(), "the reading of the source");
    } catch (IdentityException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // A source may be foreign code, and whom to trust must be followed whatever it throws.
      throw new IdentityException(
          AUTHORITY_UNREACHABLE,
          own.place()
              + " could not be read: the source failed by an error of its own; see the cause",
          e);
    }
  }

  /** Returns false if it may be older than what is in use. */
  private boolean use(Credential credential, FederatedBundles.Reading others, long begun) {
    long read = reads.incrementAndGet();
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
        return true;
      }
      if (before.readNumber() > begun) {
        return false;
      }
      if (current.compareAndSet(before, new Material(identity, credential, trust, read, now))) {
        LOG.log(
            Level.INFO,
            "Now using {0}, valid until {1}",
            identity.principal(),
            identity.expiresAt());
        warnOfRefusal(credential, now);
        listeners.rotated(identity);
        return true;
      }
    }
  }

  /**
   * Whom to trust does not wait for the own certificate: an authority that was removed is out at
   * once. To judge callers needs no identity of one's own, so this goes on after it has expired.
   * Returns false if it may be older than what is in use.
   */
  private boolean followTrust(
      FederatedBundles.Reading others, long begun, RuntimeException failed) {
    Map<String, TrustBundle> readable = null;
    try {
      readable = readTrustOfSource();
    } catch (IdentityException trustToo) {
      failed.addSuppressed(trustToo);
    }
    if (others.failure() != null) {
      failed.addSuppressed(others.failure());
    }
    long read = reads.incrementAndGet();
    Material before = current.get();
    while (before != null) {
      Map<String, TrustBundle> own = readable == null ? before.credential().trust() : readable;
      Map<String, TrustBundle> trust = others.with(own, before.trust());
      if (trust.equals(before.trust())) {
        return true;
      }
      if (before.readNumber() > begun) {
        return false;
      }
      Material next = before.trusting(own, trust, read, clock.instant());
      if (current.compareAndSet(before, next)) {
        LOG.log(Level.INFO, "Now using the authorities alone: {0}", next.credential());
        listeners.rotated(next.identity());
        return true;
      }
      before = current.get();
    }
    return true;
  }

  /** Puts a failed reading on record, and tells of it once per cause; not after closing. */
  @Override
  public void failed(IdentityException cause) {
    Material material = current.get();
    if (material == null) {
      return;
    }
    Failure before = failure.get();
    String message = String.valueOf(cause.getMessage());
    if (before != null && before.message().equals(message)) {
      return;
    }
    failure.set(new Failure(message, before == null ? clock.instant() : before.since()));
    LOG.log(Level.WARNING, "What cannot be used is left as it was: " + message, cause);
    listeners.refreshFailed(material.identity(), cause);
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
      if (expiries.isNew(identity.expiresAt())) {
        LOG.log(
            Level.WARNING,
            "This service's certificate has expired and was not replaced: " + identity);
        listeners.expired(identity);
      }
    } else if (!now.isBefore(material.lateAt()) && lateEnds.isNew(identity.expiresAt())) {
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
      failed(e);
    }
  }

  void close() {
    current.set(null);
  }

  /** Tells once what health() goes on telling: in use, but of no use with peers like this one. */
  private void warnOfRefusal(Credential credential, Instant now) {
    String refusal = own.refusalByPeers(credential, now);
    if (refusals.isNew(refusal)) {
      LOG.log(Level.WARNING, refusal);
    }
  }
}
