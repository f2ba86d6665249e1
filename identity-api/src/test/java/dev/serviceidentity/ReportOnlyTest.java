// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.FakeNetwork.pod;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A layer that reports only")
class ReportOnlyTest {
  private static final Instant END = SetClock.START.plusSeconds(3600);

  @Test
  void admitsWhatItWouldRefuseAndSaysSo() throws InterruptedException {
    try (House house = reporting(Layer.NETWORK)) {
      house.network.checking(flow -> house.network.decision(Verdict.DENIED));
      Admitted admitted = house.admits(by(WEB_BY_MTLS));
      assertThat(admitted.wouldHaveBeenRefused().orElseThrow().reason())
          .isEqualTo(RefusalReason.POLICY_DENIES);
      assertThat(admitted.explanation()).contains("only because of report-only", "POLICY_DENIES");
      AccessEvent event = house.event(admitted);
      assertThat(event.outcome().decision()).isEqualTo(Decision.ADMITTED);
      assertThat(event.outcome().enforced()).isFalse();
      assertThat(event.outcome().layer()).isEqualTo(Layer.NETWORK);
      assertThat(event.outcome().reason()).isEqualTo("POLICY_DENIES");
    }
  }

  @Test
  void refusesAgainFromItsEndOn() {
    try (House house = reporting(Layer.BINDING)) {
      house.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
      house.clock.set(END.minusNanos(1));
      house.admits(by(WEB_BY_MTLS));
      house.clock.set(END);
      house.refuses(by(WEB_BY_MTLS), Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
    }
  }

  @Test
  void bindsNobodyToThePodThatHeShouldNotCallFrom() {
    try (House house = reporting(Layer.BINDING)) {
      house.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
      assertThat(house.admits(by(WEB_BY_MTLS)).workload()).isEmpty();
    }
  }

  @Test
  void asksNoPolicyAboutAnAddressThatProvesNothing() {
    try (House house = reporting(Layer.BINDING)) {
      house.network.resolving(() -> new Resolution.Hidden("this pod's own address"));
      house.network.checking(flow -> house.network.decision(Verdict.ALLOWED));
      house.refuses(by(WEB_BY_MTLS), Layer.NETWORK, RefusalReason.POLICY_UNDECIDABLE);
    }
  }

  @Test
  void doesNotKeepTheNextLayerFromRefusing() {
    try (House house = reporting(Layer.BINDING)) {
      house.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
      house.network.checking(flow -> house.network.decision(Verdict.DENIED));
      house.refuses(by(WEB_BY_MTLS), Layer.NETWORK, RefusalReason.POLICY_DENIES);
    }
  }

  @Test
  void isTheFirstOfTwoInWhatIsReported() {
    try (House house =
        House.with(
            it ->
                it.enforcement(
                    Enforcement.reportOnly(Layer.BINDING, END)
                        .andReportOnly(Layer.NETWORK, END)))) {
      house.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
      house.network.checking(flow -> house.network.decision(Verdict.DENIED));
      assertThat(house.admits(by(WEB_BY_MTLS)).wouldHaveBeenRefused().orElseThrow().layer())
          .isEqualTo(Layer.BINDING);
    }
  }

  @Test
  void isMarkedEnforcedWhereItHadNothingToRefuse() throws InterruptedException {
    try (House house = reporting(Layer.NETWORK)) {
      Admitted admitted = house.admits(by(WEB_BY_MTLS));
      assertThat(admitted.wouldHaveBeenRefused()).isEmpty();
      assertThat(house.event(admitted).outcome().enforced()).isTrue();
    }
  }

  @Test
  void neverLetsInWhoIsNotAnAllowedCaller() {
    try (House house =
        House.with(
            it ->
                it.allow(AllowedCallers.nobody())
                    .enforcement(
                        Enforcement.reportOnly(Layer.BINDING, END)
                            .andReportOnly(Layer.NETWORK, END)))) {
      house.refuses(by(WEB_BY_MTLS), Layer.CALLER, RefusalReason.NOT_ALLOWED);
    }
  }

  @Test
  void degradesHealthUntilItsEnd() {
    try (House house = reporting(Layer.NETWORK)) {
      assertThat(enforcement(house).status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(enforcement(house).detail()).contains("NETWORK", END.toString());
      assertThat(enforcement(house).since()).isEqualTo(SetClock.START);
      house.clock.set(END.plus(Duration.ofMinutes(1)));
      assertThat(enforcement(house).status()).isEqualTo(Health.Status.UP);
      assertThat(enforcement(house).since()).isEqualTo(END);
    }
  }

  private static Health.Part enforcement(House house) {
    return house.identity().health().parts().stream()
        .filter(part -> part.name().equals("enforcement"))
        .findFirst()
        .orElseThrow();
  }

  private static House reporting(Layer layer) {
    return House.with(it -> it.enforcement(Enforcement.reportOnly(layer, END)));
  }
}
