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
  private final AtomicReference<Outcome> outcome = new AtomicReference<>(new Outcome(0, null));
  private final ToldOnce<String> refusals = new ToldOnce<>();
  // By the end and not by the generation: other trust is another generation of the same identity.
  private final ToldOnce<Instant> lateEnds = new ToldOnce<>();
  private final ToldOnce<Instant> expiries = new ToldOnce<>();

  /** The latest failed reading of an episode, and the number of that reading. */
  record Failure(String message, Instant since, long reading) {}

  /** What came of readings: the good one that began last, and the failure that it left. */
  private record Outcome(long good, @Nullable Failure failure) {
    boolean isNews(String message) {
      return failure == null || !failure.message().equals(message);
    }

    Outcome failed(String message, Instant now, long reading) {
      Instant since = failure == null ? now : failure.since();
      return new Outcome(good, new Failure(message, since, reading));
    }

    Outcome good(long reading) {
      return new Outcome(Math.max(good, reading), null);
    }
  }

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
    ofSource(source::trouble).ifPresent(trouble -> putOnRecord(trouble, 0));
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
    return outcome().failure();
  }

  private Outcome outcome() {
    return Objects.requireNonNull(outcome.get(), "never set to null");
  }

  /**
   * Reads the files, and puts them in use if they are new and good.
   *
   * @throws IdentityException if they are not good; the identity in use stays, and the trust of
   *     each trust domain whose file is not good
   */
  @Override
  public void refresh(boolean onRecord) {
    while (!isRead(onRecord)) {
      LOG.log(Level.DEBUG, "Another reading has ended otherwise meanwhile; reading again");
    }
  }

  /**
   * Reads once. Another reading may have been put in use since this one began, or have failed where
   * this one has not: then it cannot be known which of the two has read what is newer. An authority
   * that was removed must not come back, nor a failure that is over.
   *
   * @return whether that was good for anything
   */
  private boolean isRead(boolean onRecord) {
    long begun = reads.incrementAndGet();
    Failure known = failure();
    try {
      return isRead(begun) && isOver(known, begun);
    } catch (IdentityException e) {
      if (onRecord && !putOnRecord(e, begun)) {
        return false;
      }
      throw e;
    }
  }

  private boolean isRead(long begun) {
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
    return true;
  }

  /** Ends the failure that was known before; false if there has been another one since. */
  private boolean isOver(@Nullable Failure known, long begun) {
    Outcome before = outcome();
    while (Objects.equals(before.failure(), known)) {
      if (outcome.compareAndSet(before, before.good(begun))) {
        return true;
      }
      before = outcome();
    }
    return false;
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

  /**
   * Puts a failed reading on record, and tells of it once per cause; not after closing. Returns
   * false, and does not, if a reading that began later was good.
   */
  private boolean putOnRecord(IdentityException cause, long begun) {
    Material material = current.get();
    if (material == null) {
      return true;
    }
    String message = String.valueOf(cause.getMessage());
    Outcome before = outcome();
    while (before.good() <= begun) {
      if (outcome.compareAndSet(before, before.failed(message, clock.instant(), begun))) {
        if (before.isNews(message)) {
          LOG.log(Level.WARNING, "What cannot be used is left as it was: " + message, cause);
          listeners.refreshFailed(material.identity(), cause);
        }
        return true;
      }
      before = outcome();
    }
    return false;
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
      refresh(true);
    } catch (IdentityException onRecord) {
      LOG.log(Level.DEBUG, "What the source has told of is no good", onRecord);
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
