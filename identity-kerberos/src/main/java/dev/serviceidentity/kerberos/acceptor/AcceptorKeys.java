// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.file.FileMark;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.keytab.KeytabWarnings;
import dev.serviceidentity.kerberos.upkeep.CredentialHealth;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
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
   * @param file the file as it was
   * @param keys what was in it
   * @param acceptor what accepts with those keys
   * @param warnings what is wrong with them
   */
  record Reading(
      long generation, Content file, ServiceKeys keys, Acceptor acceptor, KeytabWarnings warnings) {
    private Reading settled() {
      return new Reading(generation, file.settled(), keys, acceptor, warnings);
    }
  }

  /**
   * What was in the file.
   *
   * @param mark by which a change is noticed
   * @param entries those that are used
   * @param isSettled whether that was so some time later too: the times of files are coarse, and
   *     who adds a key in place may not have been done
   */
  record Content(FileMark mark, List<KeytabEntry> entries, boolean isSettled) {
    private Content settled() {
      return new Content(mark, entries, true);
    }

    private boolean hasKeysOf(Content other) {
      return entries.size() == other.entries.size()
          && IntStream.range(0, entries.size())
              .allMatch(i -> entries.get(i).isAs(other.entries.get(i)));
    }
  }

  private static final System.Logger LOG = System.getLogger(AcceptorKeys.class.getName());

  /** How long a request waits for another one that looks at the file. */
  private static final long LONGEST_WAIT_MILLIS = 2000;

  /** A look at the file by one request, for which others wait. */
  private record Look(long began, CompletableFuture<Void> done) {}

  private final KeytabFile file;
  private final Function<ServiceKeys, Acceptor> acceptors;
  private final Clock clock;
  private final AtomicReference<@Nullable Reading> reading = new AtomicReference<>();
  private final AtomicReference<CredentialHealth> health;
  private final AtomicReference<@Nullable Look> looking = new AtomicReference<>();
  private final LookLimit limit = new LookLimit();

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
    keys.reading.set(keys.read(0, keys.content()));
    return keys;
  }

  /** The keys in use; empty after {@link #forget}. */
  Optional<Reading> current() {
    return Optional.ofNullable(reading.get());
  }

  /**
   * Keys that were read after others; empty if the file has no newer ones. One of several callers
   * looks at the file, and reads it if it has changed; the others wait for that, and not for long
   * if the file system hangs. How often this happens is limited by {@link LookLimit}.
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

  /** What is due each second. Blocks as {@link #refresh} does. */
  void upkeep() {
    current()
        .ifPresent(
            used -> {
              used.acceptor.tidy();
              used.warnings.ofAge(clock.instant());
            });
    refresh(true);
  }

  /** Looks at the file, and reads it if it has changed. Blocks for as long as the file does. */
  void refresh() {
    refresh(false);
  }

  /** Reads once more what was new the last time, if that was long enough ago. */
  private void refresh(boolean isLater) {
    Reading before = reading.get();
    if (before == null) {
      return;
    }
    try {
      if (!file.mark().equals(before.file.mark)) {
        replace(before, content());
      } else if (isLater && !before.file.isSettled) {
        settle(before, content());
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

  private void settle(Reading before, Content now) {
    if (now.hasKeysOf(before.file)) {
      reading.compareAndSet(before, before.settled());
    } else {
      replace(before, now);
    }
  }

  private void replace(Reading before, Content now) {
    Reading read = read(before.generation + 1, now);
    if (reading.compareAndSet(before, read)) {
      LOG.log(Level.INFO, "The keytab {0} has changed: {1}", file.path(), read.keys);
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
    long now = clock.millis();
    var mine = new Look(now, new CompletableFuture<>());
    Look other = looking.compareAndExchange(null, mine);
    if (other != null) {
      await(other, now);
      return;
    }
    try {
      if (limit.permits(now)) {
        Reading before = reading.get();
        refresh();
        limit.looked(now, before != null && isNewer(before));
      }
    } finally {
      looking.set(null);
      mine.done.complete(null);
    }
  }

  private static void await(Look look, long now) {
    try {
      look.done.get(look.began + LONGEST_WAIT_MILLIS - now, TimeUnit.MILLISECONDS);
    } catch (TimeoutException hangs) {
      LOG.log(Level.DEBUG, "A request has waited long enough for the keytab to be looked at");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("A look at the keytab ends in one way only", impossible);
    }
  }

  private void become(CredentialHealth now) {
    health.set(now.after(health()));
  }

  /** The mark is taken first: a change between the two is seen as one the next time. */
  private Content content() {
    FileMark mark = file.mark();
    return new Content(mark, file.entries(), false);
  }

  private Reading read(long generation, Content content) {
    List<KeytabEntry> entries = content.entries;
    file.warnIfExposed();
    Instant now = clock.instant();
    var keys = new ServiceKeys(KeytabFile.strong(entries), now);
    var warnings = KeytabWarnings.of(file.path(), entries, file.keyAge());
    warnings.ofAge(now);
    return new Reading(generation, content, keys, acceptors.apply(keys), warnings);
  }
}
