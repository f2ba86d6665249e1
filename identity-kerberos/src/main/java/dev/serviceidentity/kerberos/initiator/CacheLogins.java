// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.ccache.CredentialCache;
import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.kerberos.file.FileMark;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Follows a credential cache, which belongs to whoever logs in into it and is never written. A
 * ticket that nobody replaces in time is renewed in memory, if the KDC permits that.
 */
public final class CacheLogins implements Logins<NativeLogin> {
  /** The ticket-granting ticket of the file, and what became of it here. */
  private record Followed(Ticket inFile, NativeLogin login) {
    boolean isStill(Ticket ticket) {
      return Arrays.equals(inFile.sealed(), ticket.sealed());
    }
  }

  private final CredentialCacheFile file;
  private final PrincipalName principal;
  private final KdcClient client;
  private final Clock clock;
  private final AtomicReference<@Nullable FileMark> looked = new AtomicReference<>();
  private final AtomicReference<@Nullable Followed> followed = new AtomicReference<>();

  /**
   * Follows a cache.
   *
   * @param file into which another program logs in
   * @param principal whose tickets it must have
   * @param client renews them
   * @param clock the clock
   */
  public CacheLogins(
      CredentialCacheFile file, PrincipalName principal, KdcClient client, Clock clock) {
    this.file = file;
    this.principal = principal;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public boolean hasNews() {
    try {
      return !file.mark().equals(looked.get());
    } catch (IdentityException unreadable) {
      return looked.get() != null;
    }
  }

  @Override
  public NativeLogin next() {
    Followed now = follow(followed.get());
    followed.set(now);
    return now.login;
  }

  private Followed follow(@Nullable Followed before) {
    looked.set(null);
    looked.set(file.mark());
    CredentialCache cache = file.read();
    Ticket inFile = granting(cache);
    if (before == null || !before.isStill(inFile)) {
      NativeLogin login = NativeLogin.of(inFile, cache.clockOffset(), "");
      requireLife(login);
      return new Followed(inFile, login);
    }
    if (RefreshSchedule.isEarly(before.login, clock.instant())) {
      return before;
    }
    return new Followed(inFile, renewed(before.login));
  }

  private NativeLogin renewed(NativeLogin login) {
    requireLife(login);
    Ticket granting = login.granting();
    if (granting.renewableUntil().filter(granting.life().endsAt()::isBefore).isEmpty()) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "The "
              + file
              + " has no newer ticket of "
              + principal
              + " than the one that ends at "
              + login.expiresAt()
              + ", and that one cannot be renewed. Log in into it again (kinit -c), and let"
              + " something do so in time (k5start, a CronJob), or use keytab(...).");
    }
    return NativeLogin.of(client.renew(granting), client.clockOffset(), "renewed in memory");
  }

  private void requireLife(NativeLogin login) {
    Instant end = login.expiresAt();
    if (!end.isAfter(clock.instant())) {
      throw new IdentityException(
          Code.EXPIRED,
          "The ticket of "
              + principal
              + " in the "
              + file
              + " ended at "
              + end
              + ". Log in into it again (kinit -c).");
    }
  }

  /** The newest is the last that was stored. */
  private Ticket granting(CredentialCache cache) {
    if (!cache.client().equals(principal)) {
      throw wrong("is of " + cache.client() + ", and not of " + principal);
    }
    var service = new PrincipalName(List.of("krbtgt", principal.realm()), principal.realm());
    return cache.tickets().stream()
        .filter(ticket -> ticket.service().equals(service))
        .reduce((before, after) -> after)
        .orElseThrow(
            () ->
                wrong(
                    "has no ticket for "
                        + service
                        + (cache.leftOut().isEmpty()
                            ? ""
                            : " that can be used: " + String.join("; ", cache.leftOut()))));
  }

  private IdentityException wrong(String what) {
    return new IdentityException(
        Code.CONFIGURATION,
        "The " + file + " " + what + ". Log in into it (kinit -c) as this principal.");
  }
}
