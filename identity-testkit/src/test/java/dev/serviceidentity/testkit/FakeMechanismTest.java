// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeMechanismTest {
  private static final PrincipalId WEB = PrincipalId.parse("kerberos:web@SHOP.EXAMPLE");
  private static final PrincipalId ORDERS = PrincipalId.parse("kerberos:orders@SHOP.EXAMPLE");
  private static final Target TARGET = Target.of(URI.create("http://orders.shop"));
  private static final IdentityException NO_KDC =
      new IdentityException(IdentityException.Code.AUTHORITY_UNREACHABLE, "no KDC");

  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final FakeMechanism web =
      FakeMechanism.of(WEB).lifetime(Duration.ofMinutes(10)).open(clock);
  private final FakeMechanism orders = FakeMechanism.of(ORDERS).open(clock);

  @Test
  void oneFakeBelievesAnother() {
    Verification seen = orders.callers().verify(evidence());
    assertThat(seen.orElseThrow().principal()).isEqualTo(WEB);
    assertThat(seen.orElseThrow().expiresAt()).isEqualTo(clock.instant().plusSeconds(600));
  }

  @Test
  void theReplyCompletesMutualAuthentication() {
    var credentials = web.credentialsFor(TARGET);
    var reply = new HashMap<String, List<String>>();
    orders.callers().verify(evidence()).applyTo((name, value) -> reply.put(name, List.of(value)));
    assertThat(credentials.verifyReply(200, reply)).isInstanceOf(Reply.Complete.class);
    assertThat(credentials.verifyReply(200, Map.of())).isInstanceOf(Reply.Unauthenticated.class);
  }

  @Test
  void anExpiredTokenIsRejected() {
    CallerEvidence evidence = evidence();
    clock.advance(Duration.ofMinutes(10));
    assertThat(reasonOf(evidence)).isEqualTo(TestRejection.EXPIRED);
  }

  @Test
  void aForeignFieldIsRejected() {
    CallerEvidence evidence = connection().headers(Map.of("test-identity", List.of("nonsense")));
    assertThat(orders.callers().claims(evidence)).isTrue();
    assertThat(reasonOf(evidence)).isEqualTo(TestRejection.MALFORMED);
  }

  @Test
  void evidenceWithoutItsFieldIsNotItsOwn() {
    assertThat(orders.callers().claims(connection())).isFalse();
  }

  @Test
  void itRejectsWhileToldTo() {
    orders.rejectCallers();
    assertThat(reasonOf(evidence())).isEqualTo(TestRejection.TOLD_TO);
    orders.acceptCallers();
    assertThat(orders.callers().verify(evidence())).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void rotationGivesANewGenerationAndTellsListeners() {
    var heard = new ArrayList<Long>();
    var subscription =
        web.subscribe(
            new IdentityListener() {
              @Override
              public void onRotated(IdentitySnapshot current) {
                heard.add(current.generation());
              }
            });
    web.rotate();
    subscription.close();
    web.rotate();
    assertThat(heard).containsExactly(2L);
    assertThat(web.current().generation()).isEqualTo(3);
  }

  @Test
  void afterItsEndItGivesNoCredentials() {
    web.expire();
    assertThat(web.health().status()).isEqualTo(Health.Status.DOWN);
    assertThatThrownBy(() -> web.credentialsFor(TARGET))
        .isInstanceOfSatisfying(
            IdentityException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(IdentityException.Code.EXPIRED));
  }

  @Test
  void aFailureShowsEverywhereUntilItRecovers() {
    var heard = new ArrayList<IdentityException>();
    orders.subscribe(
        new IdentityListener() {
          @Override
          public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
            heard.add(cause);
          }
        });
    orders.fail(NO_KDC);
    assertThat(heard).containsExactly(NO_KDC);
    assertThat(orders.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThatThrownBy(() -> orders.credentialsFor(TARGET)).isSameAs(NO_KDC);
    assertThat(reasonOf(evidence())).isEqualTo(TestRejection.FAILING);
    orders.recover();
    assertThat(orders.health().status()).isEqualTo(Health.Status.UP);
    assertThat(orders.credentialsFor(TARGET)).isNotNull();
    assertThat(orders.callers().verify(evidence())).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void rotationEndsAFailureForCallersToo() {
    orders.fail(NO_KDC);
    orders.rotate();
    assertThat(orders.health().status()).isEqualTo(Health.Status.UP);
    assertThat(orders.callers().verify(evidence())).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void recoveryDoesNotEndWhatRejectsCallers() {
    orders.rejectCallers();
    orders.fail(NO_KDC);
    assertThat(reasonOf(evidence())).isEqualTo(TestRejection.FAILING);
    orders.recover();
    assertThat(reasonOf(evidence())).isEqualTo(TestRejection.TOLD_TO);
  }

  @Test
  void acceptingCallersDoesNotEndAFailure() {
    orders.fail(NO_KDC);
    orders.rejectCallers();
    orders.acceptCallers();
    assertThat(reasonOf(evidence())).isEqualTo(TestRejection.FAILING);
  }

  @Test
  void nothingRevivesWhatIsClosed() {
    orders.close();
    orders.fail(NO_KDC);
    orders.recover();
    orders.rejectCallers();
    orders.acceptCallers();
    orders.rotate();
    assertThat(reasonOf(evidence())).isEqualTo(TestRejection.CLOSED);
    assertThat(orders.health().detail()).isEqualTo("closed");
  }

  @Test
  void whatIsClosedSaysSo() {
    web.close();
    assertThatThrownBy(web::current).isInstanceOf(IdentityException.class);
    assertThat(web.health().detail()).isEqualTo("closed");
  }

  @Test
  void aBuilderTellsWhatItOpenedAndFailsWhenTold() {
    var builder = FakeMechanism.of(WEB);
    var opened = builder.open(clock);
    assertThat(builder.opened()).containsExactly(opened);
    var failure = new IdentityException(IdentityException.Code.CONFIGURATION, "told to");
    assertThatThrownBy(() -> builder.failToOpen(failure).open(clock)).isSameAs(failure);
  }

  private Object reasonOf(CallerEvidence evidence) {
    return ((Verification.Rejected) orders.callers().verify(evidence)).reason();
  }

  private CallerEvidence evidence() {
    var fields = new HashMap<String, List<String>>();
    web.credentialsFor(TARGET).applyTo((name, value) -> fields.put(name, List.of(value)));
    return connection().headers(fields);
  }

  private static CallerEvidence connection() {
    return CallerEvidence.of(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));
  }
}
