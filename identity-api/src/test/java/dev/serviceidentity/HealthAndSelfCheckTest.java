// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a service says of itself")
class HealthAndSelfCheckTest {
  private static final Flow PATH =
      new Flow(
          FlowEnd.pod("shop", "web-1"),
          FlowEnd.pod("shop", "orders-1"),
          8080,
          Protocol.TCP,
          Side.BOTH);
  private final House house = House.standing();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void namesEachPart() {
    assertThat(house.identity().health().parts())
        .extracting(Health.Part::name)
        .containsExactly("kerberos", "mtls", "view", "enforcement", "audit");
    assertThat(house.identity().health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void callsAPartDownThatCannotSayHowItDoes() {
    house.kerberos.feeling(
        () -> {
          throw new IllegalStateException("no ticket");
        });
    Health.Part part = house.identity().health().parts().get(0);
    assertThat(part.name()).isEqualTo("kerberos");
    assertThat(part.status()).isEqualTo(Health.Status.DOWN);
    assertThat(part.detail()).contains("no ticket");
    house.network.feeling(() -> null);
    assertThat(house.identity().health().parts()).hasSize(5);
  }

  @Test
  void holdsIfAllIsWell() {
    SelfCheck check = house.identity().selfCheck(PATH);
    assertThat(check.holds()).as(check.render()).isTrue();
    assertThat(check.render())
        .containsPattern("OK +" + Pattern.quote(PATH.toString()))
        .containsPattern("OK +own pod +shop/orders-1");
  }

  @Test
  void doesNotHoldIfAPathIsDenied() {
    house.network.checking(flow -> house.network.decision(Verdict.DENIED));
    assertThat(failures()).singleElement().extracting(Finding::subject).isEqualTo(PATH.toString());
  }

  @Test
  void doesNotHoldIfTheOwnPodIsNotInTheView() {
    house.network.being(Optional::empty);
    assertThat(failures()).singleElement().extracting(Finding::subject).isEqualTo("own pod");
  }

  @Test
  void doesNotHoldIfAnIdentityHasExpired() {
    house.kerberos.being(
        () ->
            new IdentitySnapshot(
                house.kerberos.snapshot().principal(),
                SetClock.START.minusSeconds(60),
                SetClock.START,
                1));
    assertThat(failures()).singleElement().extracting(Finding::detail).asString().contains("until");
  }

  @Test
  void doesNotHoldIfAPartCannotBeAsked() {
    house.network.checking(
        flow -> {
          throw new IllegalStateException("broken view");
        });
    assertThat(failures())
        .singleElement()
        .extracting(Finding::detail)
        .asString()
        .contains("broken view");
  }

  @Test
  void tellsWhatTheNetworkFindsWhenItLooksAtItself() {
    house.network.finding(
        heard -> {
          heard.fine("orders", "reached");
          heard.doubtful("stock", "one endpoint only", "Add another.");
          heard.broken("bank", "denied", "Add a rule.");
        });
    assertThat(house.identity().selfCheck().findings())
        .contains(
            new Finding(Severity.OK, "orders", "reached", ""),
            new Finding(Severity.WARNING, "stock", "one endpoint only", "Add another."),
            new Finding(Severity.FAILED, "bank", "denied", "Add a rule."));
  }

  @Test
  void isTheSameForANetworkAlone() {
    house.network.finding(heard -> heard.broken("bank", "denied", "Add a rule."));
    SelfCheck check = SelfCheck.of(house.network);
    assertThat(check.findings())
        .extracting(Finding::subject)
        .containsExactly("view", "own pod", "bank");
    assertThat(check.holds()).isFalse();
  }

  @Test
  void asksForHealthAfterTheNetworkHasLookedAtItself() {
    var looked = new AtomicBoolean();
    house.network.finding(heard -> looked.set(true));
    house.network.feeling(
        () -> new Health.Part("view", Health.Status.UP, "looked: " + looked, SetClock.START));
    assertThat(house.identity().selfCheck().render()).contains("looked: true");
  }

  @Test
  void doesNotHoldIfTheNetworkCannotLookAtItselfButKeepsWhatItHasSaid() {
    house.network.finding(
        heard -> {
          heard.fine("orders", "reached");
          throw new IllegalStateException("broken view");
        });
    SelfCheck check = house.identity().selfCheck();
    assertThat(check.holds()).isFalse();
    assertThat(check.render()).contains("orders", "could not look at itself", "broken view");
  }

  @Test
  void doesNotHoldButThrowsNothingOnceItIsClosed() {
    house.identity().close();
    house.kerberos.being(
        () -> {
          throw new IllegalStateException("closed");
        });
    assertThat(house.identity().selfCheck(PATH).holds()).isFalse();
  }

  @Test
  void warnsOfAPathThatNobodyChecks() {
    try (var identity =
        ServiceIdentity.builder()
            .mechanism(FakeMechanism.mtls())
            .trustIdentityAlone()
            .allowAnyAuthenticated()
            .audit(event -> {})
            .clock(new SetClock())
            .open()) {
      SelfCheck check = identity.selfCheck(PATH);
      assertThat(check.holds()).isTrue();
      assertThat(check.findings()).extracting(Finding::severity).contains(Severity.WARNING);
      assertThat(identity.identities()).allMatch(snapshot -> snapshot.isValidAt(SetClock.START));
    }
  }

  private List<Finding> failures() {
    SelfCheck check = house.identity().selfCheck(PATH);
    assertThat(check.holds()).isFalse();
    return check.findings().stream()
        .filter(finding -> finding.severity() == Severity.FAILED)
        .toList();
  }
}
