// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static dev.serviceidentity.identity.IdentityException.Code.EXPIRED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.spi.RegularWork;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The tokens by which this service calls others, by their audiences; the first says who it is. */
final class OwnTokens implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OwnTokens.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Map<String, TokenFile> files;
  private final TokenFile first;
  private final @Nullable RequestedTokens requested;
  private final Clock clock;
  private final IdentityListeners listeners;
  private volatile IdentitySnapshot current;
  private final AtomicReference<@Nullable String> told = new AtomicReference<>();
  private final AtomicReference<@Nullable IdentitySnapshot> endTold = new AtomicReference<>();
  private final RegularWork reading;

  /**
   * Begins to follow files that have been read once.
   *
   * @param files by audience, the one that says who this is first
   * @param requested where other tokens come from, or null
   */
  OwnTokens(
      MechanismName name,
      Map<String, TokenFile> files,
      @Nullable RequestedTokens requested,
      Clock clock,
      ScheduledExecutorService scheduler) {
    this.files = files;
    this.first = files.values().iterator().next();
    this.requested = requested;
    this.clock = clock;
    this.listeners = new IdentityListeners(name);
    this.current = snapshot(first.token(), 1);
    this.reading =
        RegularWork.start(
            "identity-" + name + "-files", scheduler, PAUSE, () -> true, this::readAgain);
  }

  IdentitySnapshot current() {
    return current;
  }

  OwnToken token(String audience) {
    TokenFile file = files.get(audience);
    if (file == null) {
      if (requested == null) {
        throw new IdentityException(
            CONFIGURATION,
            "There is no token for the audience "
                + audience
                + " but for "
                + files.keySet()
                + "; add token(audience, file), or requestTokens()");
      }
      return requested.get(audience);
    }
    return fromFile(audience, file);
  }

  private OwnToken fromFile(String audience, TokenFile file) {
    Instant last = clock.instant().plus(RequestedToken.LAST_USE);
    if (!last.isBefore(file.token().expiresAt())) {
      file.refresh();
    }
    OwnToken token = file.token();
    if (!clock.instant().isBefore(token.expiresAt())) {
      Trouble why = file.trouble();
      throw new IdentityException(
          EXPIRED,
          "The token of "
              + token.self()
              + " for "
              + audience
              + " ended at "
              + token.expiresAt()
              + (why == null ? "; the kubelet has not replaced it" : ": " + why.what()));
    }
    return token;
  }

  /** What is wrong with some file, or null. */
  @Nullable Trouble trouble() {
    for (TokenFile file : files.values()) {
      Trouble trouble = file.trouble();
      if (trouble != null) {
        return trouble;
      }
      OwnToken token = file.token();
      if (!clock.instant().isBefore(token.expiresAt())) {
        return new Trouble(
            token.self() + "'s token ended at " + token.expiresAt(), token.expiresAt());
      }
    }
    return null;
  }

  Subscription subscribe(IdentityListener listener) {
    return listeners.subscribe(listener);
  }

  private void readAgain() {
    List.copyOf(files.values()).forEach(TokenFile::refresh);
    IdentitySnapshot before = current;
    IdentitySnapshot now = snapshot(first.token(), before.generation() + 1);
    boolean isOther =
        !now.expiresAt().equals(before.expiresAt()) || !now.principal().equals(before.principal());
    if (isOther) {
      current = now;
      LOG.log(Level.INFO, "{0} has a token until {1}", now.principal(), now.expiresAt());
      listeners.rotated(now);
    }
    tellTrouble(current);
  }

  private void tellTrouble(IdentitySnapshot identity) {
    Trouble trouble = trouble();
    String what = trouble == null ? null : trouble.what();
    String before = told.getAndSet(what);
    if (what != null && !what.equals(before)) {
      LOG.log(Level.WARNING, "Tokens in use stay: {0}", what);
      listeners.refreshFailed(identity, new IdentityException(CONFIGURATION, what));
    }
    if (!clock.instant().isBefore(identity.expiresAt())
        && !identity.equals(endTold.getAndSet(identity))) {
      listeners.expired(identity);
    }
  }

  private static IdentitySnapshot snapshot(OwnToken token, long generation) {
    return new IdentitySnapshot(
        token.self().principal(), token.readAt(), token.expiresAt(), generation);
  }

  @Override
  public void close() {
    reading.close();
    listeners.close();
  }
}
