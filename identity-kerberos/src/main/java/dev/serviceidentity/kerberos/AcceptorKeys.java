// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keys that callers' tickets are opened with, read again when the keytab changes. A keytab that
 * turns bad leaves the last good keys in use.
 */
final class AcceptorKeys {
  /** One reading of the keytab, with what was made of it. */
  static final class Reading {
    private final KeytabFile.Mark mark;
    private final ServiceKeys keys;
    private final GssAcceptor acceptor;

    Reading(KeytabFile.Mark mark, ServiceKeys keys, GssAcceptor acceptor) {
      this.mark = mark;
      this.keys = keys;
      this.acceptor = acceptor;
    }

    ServiceKeys keys() {
      return keys;
    }

    GssAcceptor acceptor() {
      return acceptor;
    }
  }

  private static final System.Logger LOG = System.getLogger(AcceptorKeys.class.getName());

  private final KeytabFile file;
  private final Clock clock;
  private final AtomicReference<@Nullable Reading> reading = new AtomicReference<>();
  private final AtomicReference<CredentialHealth> health;

  private AcceptorKeys(KeytabFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
    this.health = new AtomicReference<>(CredentialHealth.up("keytab read", clock.instant()));
  }

  /**
   * Reads the keytab.
   *
   * @throws IdentityException with code {@code CONFIGURATION} if it cannot be used
   */
  static AcceptorKeys open(KeytabFile file, Clock clock) {
    var keys = new AcceptorKeys(file, clock);
    keys.reading.set(keys.read());
    file.warnIfExposed();
    return keys;
  }

  /** The keys in use; empty after {@link #forget}. */
  Optional<Reading> current() {
    return Optional.ofNullable(reading.get());
  }

  CredentialHealth health() {
    return Objects.requireNonNull(health.get());
  }

  /** Looks at the file, and reads it if it has changed. Blocks; called by one thread. */
  void refresh() {
    Reading before = reading.get();
    if (before == null) {
      return;
    }
    try {
      if (!file.mark().equals(before.mark)) {
        Reading read = read();
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

  private void become(CredentialHealth now) {
    health.set(now.after(health()));
  }

  private Reading read() {
    // The mark is taken first: a change between the two is seen as one the next time.
    KeytabFile.Mark mark = file.mark();
    var keys = new ServiceKeys(file.principal(), file.keys(), clock.instant());
    return new Reading(mark, keys, GssAcceptor.of(file.principal(), keys));
  }
}
