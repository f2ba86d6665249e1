// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.testkit.TestDecisions.admitted;
import static dev.serviceidentity.testkit.TestDecisions.refused;
import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FakeServiceIdentityTest {
  private static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";
  private static final Target STOCK = Target.of(URI.create("https://stock.shop/"));

  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final FakeServiceIdentity orders =
      FakeServiceIdentity.of(FakeMechanism.of(ORDERS).open(clock));
  private final TestIdentity web = TestIdentity.of(WEB).clock(clock).from("10.1.0.5");
  private final AccessDecision yes = admitted(web);
  private final AccessDecision no = refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "not web");

  @Test
  void answersOnceThenByMatchThenAlways() {
    AccessDecision busy = refused(Layer.IDENTITY, RefusalReason.UNAVAILABLE, "no KDC");
    orders.whenAdmitting().always(yes).on(e -> e.path().startsWith("/admin"), no).once(busy);
    CallerEvidence admin = web.evidence().request("GET", "/admin/users");
    assertThat(List.of(orders.admit(admin), orders.admit(admin), orders.admit(web.evidence())))
        .containsExactly(busy, no, yes);
  }

  @Test
  void theLatestMatchAndTheLatestAlwaysCount() {
    orders.whenAdmitting().always(no).always(yes);
    assertThat(orders.admit(web.evidence())).isAdmittedAs(WEB);
    orders.whenAdmitting().on(e -> true, yes).on(e -> true, no);
    assertThat(orders.admit(web.evidence())).isRefusedFor(RefusalReason.NOT_ALLOWED);
  }

  @Test
  void anAdmissionThatNobodyScriptedIsAnErrorAndNotAnAdmission() {
    assertThatThrownBy(() -> orders.admit(web.evidence()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("whenAdmitting()");
    assertThat(orders.events().events()).isEmpty();
  }

  @Test
  void recordsWhoAskedForWhatAndWasRefusedWhy() {
    orders.whenAdmitting().always(no);
    AccessDecision decision = orders.admit(web.evidence().request("GET", "/orders/7"));
    assertThat(orders.events())
        .hasRefused(RefusalReason.NOT_ALLOWED)
        .by(WEB)
        .atLayer(Layer.CALLER)
        .from("10.1.0.5")
        .forRequest("GET", "/orders/7")
        .explaining("not web");
    assertThat(orders.events().events().get(0).heading().id()).isEqualTo(decision.id());
  }

  @Test
  void numbersItsEventsWithoutAGapAlsoFromManyThreads() {
    orders.whenAdmitting().always(yes);
    IntStream.range(0, 200).parallel().forEach(i -> orders.admit(web.evidence()));
    assertThat(orders.events().events())
        .extracting(event -> event.heading().sequence())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 200).mapToObj(Long::valueOf).toList());
  }

  @Test
  void verifiesForItselfUnlessScripted() {
    assertThat(orders.verify(web.evidence())).isVerifiedAs(WEB);
    orders.whenVerifying().once(Verification.rejected(RefusalReason.UNAVAILABLE, "no KDC"));
    assertThat(orders.verify(web.evidence())).isRejectedFor(RefusalReason.UNAVAILABLE);
    assertThat(orders.verify(web.evidence())).isVerifiedAs(WEB);
  }

  @Test
  void givesCredentialsOfItsOwnUnlessScripted() {
    var names = new ArrayList<String>();
    orders.credentialsFor(STOCK).applyTo((name, value) -> names.add(name));
    assertThat(names).containsExactly("Test-Identity");
    RequestCredentials none = RequestCredentials.inConnection();
    orders.whenAskedForCredentials().on(target -> target.host().equals("stock.shop"), none);
    assertThat(orders.credentialsFor(STOCK)).isSameAs(none);
  }

  @Test
  void failsExpiresAndRotatesAsItsMechanismDoes() {
    var down = new IdentityException(Code.AUTHORITY_UNREACHABLE, "no KDC");
    orders.own().fail(down);
    assertThatThrownBy(() -> orders.credentialsFor(STOCK)).isSameAs(down);
    assertThat(orders.health().status()).isEqualTo(Health.Status.DEGRADED);
    orders.own().recover();
    clock.advance(Duration.ofHours(2));
    assertThat(orders.selfCheck().holds()).isFalse();
    orders.own().rotate();
    assertThat(orders.selfCheck().holds()).isTrue();
    assertThat(orders.identities().get(0).generation()).isEqualTo(2);
  }

  @Test
  void hasTlsOnlyIfItWasGivenSome() {
    assertThatThrownBy(orders::tls).isInstanceOf(IllegalStateException.class);
    TlsMaterial material = mock();
    var secure = FakeServiceIdentity.of(FakeMechanism.of(ORDERS).tls(material).open(clock));
    assertThat(secure.tls()).isSameAs(material);
  }

  @Test
  void findsAboutPathsWhatTheTestSays() {
    orders.whenCheckingItself().always(new SelfCheck(List.of()));
    assertThat(orders.selfCheck().findings()).isEmpty();
  }

  @Test
  void refusesEverythingOnceClosed() {
    orders.whenAdmitting().always(yes);
    orders.whenVerifying().always(Verification.verified(web.caller()));
    orders.close();
    assertThat(orders.admit(web.evidence())).isRefusedFor(RefusalReason.CLOSED);
    assertThat(orders.verify(web.evidence())).isRejectedFor(RefusalReason.CLOSED);
    assertThatThrownBy(() -> orders.credentialsFor(STOCK)).isInstanceOf(IdentityException.class);
    assertThat(orders.health().status()).isEqualTo(Health.Status.DOWN);
  }
}
