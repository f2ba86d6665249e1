// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.kerberos.jgss.JgssLogin;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.IdentityListeners;
import dev.serviceidentity.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TicketRenewalTest {
  private static final Duration LIFE = Duration.ofHours(10);

  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final IdentityListeners listeners = new IdentityListeners(MechanismName.KERBEROS);
  private boolean dead;
  private int logins;
  private Runnable duringLogin = () -> {};
  private final TicketRenewal<JgssLogin> renewal =
      new TicketRenewal<>(
          PrincipalName.parse("web@SHOP.EXAMPLE"),
          this::logIn,
          new RefreshSchedule(() -> 0.5),
          clock,
          listeners);

  TicketRenewalTest() {
    listeners.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            heard.add("rotated to " + current.generation());
          }

          @Override
          public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
            heard.add("failed with " + current.generation());
          }

          @Override
          public void onExpired(IdentitySnapshot expired) {
            heard.add("expired " + expired.generation());
          }
        });
  }

  @AfterEach
  void close() {
    listeners.close();
  }

  @Test
  void nothingIsDoneBeforeItIsDue() {
    clock.advance(Duration.ofHours(8).minusSeconds(1));
    renewal.refresh();
    assertThat(logins).isEqualTo(1);
  }

  @Test
  void atFourFifthsOfItsLifeANewTicketIsTaken() throws InterruptedException {
    JgssLogin first = renewal.login();
    clock.advance(Duration.ofHours(8));
    renewal.refresh();
    assertThat(renewal.login()).isNotSameAs(first);
    assertThat(renewal.identity().generation()).isEqualTo(2);
    assertThat(hear()).isEqualTo("rotated to 2");
  }

  @Test
  void theOldTicketServesUntilItReallyExpires() throws InterruptedException {
    JgssLogin first = renewal.login();
    dead = true;
    clock.advance(Duration.ofHours(8));
    renewal.refresh();
    assertThat(hear()).isEqualTo("failed with 1");
    clock.advance(Duration.ofHours(2).minusSeconds(1));
    renewal.refresh();
    assertThat(renewal.login()).isSameAs(first);
    assertThat(renewal.health().status()).isEqualTo(Health.Status.DEGRADED);
  }

  @Test
  void failuresAreTriedAgainWithGrowingPatienceAndForEver() {
    dead = true;
    clock.advance(Duration.ofHours(8));
    for (int second = 0; second < 7200; second++) {
      renewal.refresh();
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(logins).isBetween(150, 200);
    dead = false;
    clock.advance(Duration.ofDays(30));
    renewal.refresh();
    assertThat(renewal.login().expiresAt()).isAfter(clock.instant());
    assertThat(renewal.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void anExpiredTicketIsToldOnceAndGivesNoLogin() throws InterruptedException {
    dead = true;
    clock.advance(LIFE);
    assertThatThrownBy(renewal::login)
        .isInstanceOfSatisfying(
            IdentityException.class, thrown -> assertThat(thrown.code()).isEqualTo(Code.EXPIRED))
        .hasMessageContaining("web@SHOP.EXAMPLE");
    assertThat(renewal.health().status()).isEqualTo(Health.Status.DOWN);
    renewal.refresh();
    renewal.refresh();
    assertThat(hear()).isEqualTo("expired 1");
    assertThat(hear()).isEqualTo("failed with 1");
    clock.advance(Duration.ofMinutes(2));
    renewal.refresh();
    assertThat(hear()).isEqualTo("failed with 1");
    assertThat(renewal.health().status()).isEqualTo(Health.Status.DOWN);
  }

  @Test
  void anyOtherExceptionIsAFailureTooThatIsToldAndPutOff() throws InterruptedException {
    duringLogin =
        () -> {
          throw new IllegalStateException("a fault");
        };
    clock.advance(Duration.ofHours(8));
    int before = logins;
    renewal.refresh();
    renewal.refresh();
    assertThat(hear()).isEqualTo("failed with 1");
    assertThat(logins).isEqualTo(before + 1);
    assertThat(renewal.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(renewal.health().detail()).contains("could not be refreshed", "a fault");
  }

  @Test
  void whatIsForgottenStaysForgottenWhenARefreshComesLate() {
    clock.advance(Duration.ofHours(8));
    duringLogin = () -> renewal().forget();
    renewal.refresh();
    assertThat(logins).isEqualTo(2);
    renewal.refresh();
    assertThat(logins).isEqualTo(2);
    assertThatThrownBy(renewal::login)
        .isInstanceOfSatisfying(
            IdentityException.class, thrown -> assertThat(thrown.code()).isEqualTo(Code.CLOSED));
  }

  private TicketRenewal<JgssLogin> renewal() {
    return renewal;
  }

  private JgssLogin logIn() {
    logins++;
    duringLogin.run();
    if (dead) {
      throw new IdentityException(Code.AUTHORITY_UNREACHABLE, "no KDC answers");
    }
    Instant now = clock.instant();
    return new JgssLogin(new Subject(), now, now.plus(LIFE));
  }

  private String hear() throws InterruptedException {
    return heard.poll(60, TimeUnit.SECONDS);
  }
}
