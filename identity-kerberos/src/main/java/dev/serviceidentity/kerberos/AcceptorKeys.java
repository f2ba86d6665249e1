// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.file.FileMark;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What callers' tokens are accepted with, made anew when the keytab changes. A keytab that turns
 * bad leaves the last good keys in use.
 */
final class AcceptorKeys {
  /**
   * One reading of the keytab, with what was made of it.
   *
   * @param generation one more than the reading before
   * @param mark the file as it was
   * @param keys what was in it
   * @param acceptor what accepts with those keys
   * @param warnings what is wrong with them
   */
  record Reading(
      long generation,
      FileMark mark,
      ServiceKeys keys,
      Acceptor acceptor,
      KeytabWarnings warnings) {}

  private static final System.Logger LOG = System.getLogger(AcceptorKeys.class.getName());

  /** How often a token, which may be anybody's, can make us look at the file. */
  private static final long LOOK_AGAIN_MILLIS = 50;

  private final KeytabFile file;
  private final Function<ServiceKeys, Acceptor> acceptors;
  private final Clock clock;
  private final AtomicReference<@Nullable Reading> reading = new AtomicReference<>();
  private final AtomicReference<CredentialHealth> health;
  private final AtomicReference<@Nullable CompletableFuture<Void>> looking =
      new AtomicReference<>();
  private final AtomicLong lookedAt = new AtomicLong();

  private AcceptorKeys(KeytabFile file, Function<ServiceKeys, Acceptor> acceptors, Clock clock) {
    this.file = file;
    this.acceptors = acceptors;
    this.clock = clock;
    this.health = new AtomicReference<>(CredentialHealth.up("keytab read", clock.instant()));
  }

  /**
   * Reads the keytab.
   *
   * @param acceptors what accepts with the keys of one reading
   * @throws IdentityException with code {@code CONFIGURATION} if it cannot be used
   */
  static AcceptorKeys open(
      KeytabFile file, Function<ServiceKeys, Acceptor> acceptors, Clock clock) {
    var keys = new AcceptorKeys(file, acceptors, clock);
    keys.reading.set(keys.read(0));
    file.warnIfExposed();
    return keys;
  }

  /** The keys in use; empty after {@link #forget}. */
  Optional<Reading> current() {
    return Optional.ofNullable(reading.get());
  }

  /**
   * Keys that were read after others; empty if the file has no newer ones. Several callers wait for
   * one look at the file, and after it nobody looks for a moment.
   */
  Optional<Reading> newerThan(Reading used) {
    if (!isNewer(used)) {
      look();
    }
    return isNewer(used) ? current() : Optional.empty();
  }

  CredentialHealth health() {
    return Objects.requireNonNull(health.get());
  }

  /** Looks at the file, and reads it if it has changed. Blocks. */
  void refresh() {
    Reading before = reading.get();
    if (before == null) {
      return;
    }
    before.acceptor.tidy();
    before.warnings.ofAge(clock.instant());
    try {
      if (!file.mark().equals(before.mark)) {
        Reading read = read(before.generation + 1);
        if (reading.compareAndSet(before, read)) {
          LOG.log(Level.INFO, "The keytab {0} has changed: {1}", file.path(), read.keys);
        }
      }
      become(CredentialHealth.up("keytab read", clock.instant()));
    } catch (IdentityException failed) {
      if (health().status() == Health.Status.UP) {
        LOG.log(Level.WARNING, "The keys read before stay in use.", failed);
      }
      become(
          CredentialHealth.degraded(
              failed.getMessage() + " The keys read before stay in use.", clock.instant()));
    }
  }

  void forget() {
    reading.set(null);
  }

  private boolean isNewer(Reading used) {
    Reading now = reading.get();
    return now != null && now.generation > used.generation;
  }

  private void look() {
    var mine = new CompletableFuture<Void>();
    CompletableFuture<Void> other = looking.compareAndExchange(null, mine);
    if (other != null) {
      other.join();
      return;
    }
    try {
      long now = clock.millis();
      if (Math.abs(now - lookedAt.get()) >= LOOK_AGAIN_MILLIS) {
        lookedAt.set(now);
        refresh();
      }
    } finally {
      looking.set(null);
      mine.complete(null);
    }
  }

  private void become(CredentialHealth now) {
    health.set(now.after(health()));
  }

  private Reading read(long generation) {
    // The mark is taken first: a change between the two is seen as one the next time.
    FileMark mark = file.mark();
    List<KeytabEntry> entries = file.entries();
    Instant now = clock.instant();
    var keys = new ServiceKeys(KeytabFile.strong(entries), now);
    var warnings = KeytabWarnings.of(file.path(), entries, file.keyAge());
    warnings.ofAge(now);
    return new Reading(generation, mark, keys, acceptors.apply(keys), warnings);
  }
}
