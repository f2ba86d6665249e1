// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An identity that calls one service all the time, and what is heard of it meanwhile. */
final class WatchedIdentity implements AutoCloseable {
  private final KerberosIdentity identity;
  private final TestClock clock;
  private final Target known;
  private final Instant end;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private WatchedIdentity(KerberosIdentity identity, TestClock clock, Target known) {
    this.identity = identity;
    this.clock = clock;
    this.known = known;
    this.end = identity.current().expiresAt();
    identity.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            heard.add("rotated to " + current.generation());
          }

          @Override
          public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
            heard.add(String.valueOf(cause.getMessage()));
          }
        });
  }

  /** Has called once. */
  static WatchedIdentity of(KerberosIdentity identity, TestClock clock, Target known) {
    var watched = new WatchedIdentity(identity, clock, known);
    watched.calls();
    return watched;
  }

  KerberosIdentity identity() {
    return identity;
  }

  /** When its first ticket ends. */
  Instant end() {
    return end;
  }

  void becomesDue() {
    clock.advance(Duration.between(clock.instant(), end).multipliedBy(86).dividedBy(100));
  }

  /** What happened next to its ticket. */
  String hears() throws InterruptedException {
    return heard.poll(60, TimeUnit.SECONDS);
  }

  /** Whoever listens hears it, the health says it, and nobody who calls notices. */
  void tells(String sentence) throws InterruptedException {
    assertThat(hears()).isEqualTo(sentence);
    assertThat(identity.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(identity.health().detail())
        .isEqualTo(
            "The ticket in use serves until " + end + ", and no newer one came: " + sentence);
    calls();
  }

  /** Gets a new ticket once the time has come to try it again. */
  void recoversAfter(Duration patience) throws InterruptedException {
    clock.advance(patience);
    recovers();
  }

  void recovers() throws InterruptedException {
    assertThat(hears()).isEqualTo("rotated to 2");
    assertThat(identity.current().expiresAt()).isAfter(end);
    assertThat(identity.health().status()).isEqualTo(Health.Status.UP);
    assertThat(identity.health().detail())
        .isEqualTo("keytab read; ticket until " + identity.current().expiresAt());
    calls();
  }

  /** Both sides read the keytab, each in its own time; the test's timeout ends the wait. */
  void isWell() {
    while (identity.health().status() != Health.Status.UP) {
      assertThat(Thread.currentThread().isInterrupted()).as("%s", identity.health()).isFalse();
      Thread.onSpinWait();
    }
    calls();
  }

  void calls() {
    for (int i = 0; i < 50; i++) {
      assertThat(HeldTicket.token(identity.credentialsFor(known))).isNotEmpty();
    }
  }

  @Override
  public void close() {
    identity.close();
  }
}
