// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.FakeNetwork.pod;
import static dev.serviceidentity.fakes.Requests.BATCH_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A rule of one kind of request")
class AccessRuleTest {
  private static final Instant END = SetClock.START.plusSeconds(3600);

  @Test
  void refusesWhoHasNotProvenHimselfByTheMechanismAndTellsHimHow() {
    AccessRule rule = AccessRule.usual().require(MechanismName.KERBEROS);
    try (House house = House.standing()) {
      Refused refused =
          House.refused(
              admit(house, by(WEB_BY_MTLS).request("GET", "/reports"), rule),
              Layer.IDENTITY,
              RefusalReason.MECHANISM_REQUIRED);
      assertThat(refused.httpStatus()).isEqualTo(401);
      assertThat(refused.explanation()).contains("/reports", "needs kerberos", WEB_BY_MTLS);
      assertThat(refused.reply())
          .anySatisfy(field -> assertThat(field.name()).isEqualTo("WWW-Authenticate"))
          .anySatisfy(field -> assertThat(field.name()).isEqualTo("X-Reply-mtls"));
    }
  }

  @Test
  void admitsWhoHasProvenHimselfByTheMechanismBesideOthers() {
    AccessRule rule =
        AccessRule.usual().require(MechanismName.KERBEROS).require(MechanismName.MTLS);
    try (House house = House.standing()) {
      assertThat(admit(house, by(WEB_BY_KERBEROS, WEB_BY_MTLS), rule)).isInstanceOf(Admitted.class);
      House.refused(
          admit(house, by(WEB_BY_KERBEROS), rule),
          Layer.IDENTITY,
          RefusalReason.MECHANISM_REQUIRED);
    }
  }

  @Test
  void narrowsWhoMayCallAndAllowsNobodyWhomTheServiceDoesNot() {
    AccessRule rule =
        AccessRule.usual().allow(AllowedCallers.serviceAccounts("shop/web", "shop/batch"));
    AccessRule others = AccessRule.usual().allow(AllowedCallers.serviceAccounts("shop/other"));
    try (House house = House.with(it -> it.allow(AllowedCallers.serviceAccounts("shop/web")))) {
      assertThat(admit(house, by(WEB_BY_MTLS), rule)).isInstanceOf(Admitted.class);
      House.refused(admit(house, by(BATCH_BY_MTLS), rule), Layer.CALLER, RefusalReason.NOT_ALLOWED);
      assertThat(
              House.refused(
                      admit(house, by(WEB_BY_MTLS).request("GET", "/admin"), others),
                      Layer.CALLER,
                      RefusalReason.NOT_ALLOWED)
                  .explanation())
          .contains("may call this service, but not for", "/admin");
    }
  }

  @Test
  void reportsOnlyWhatItNamesUntilItsEnd() {
    AccessRule rule = AccessRule.usual().reportOnly(Layer.NETWORK, END);
    try (House house = House.standing()) {
      house.network.checking(flow -> house.network.decision(Verdict.DENIED));
      assertThat(admit(house, by(WEB_BY_MTLS), rule))
          .isInstanceOfSatisfying(
              Admitted.class, it -> assertThat(it.wouldHaveBeenRefused()).isPresent());
      house.refuses(by(WEB_BY_MTLS), Layer.NETWORK, RefusalReason.POLICY_DENIES);
      house.clock.set(END);
      House.refused(
          admit(house, by(WEB_BY_MTLS), rule), Layer.NETWORK, RefusalReason.POLICY_DENIES);
    }
  }

  @Test
  void loosensTheBindingAloneIfItNamesThat() {
    AccessRule rule = AccessRule.usual().reportOnly(Layer.BINDING, END);
    try (House house = House.standing()) {
      house.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
      assertThat(admit(house, by(WEB_BY_MTLS), rule)).isInstanceOf(Admitted.class);
      house.network.checking(flow -> house.network.decision(Verdict.DENIED));
      House.refused(
          admit(house, by(WEB_BY_MTLS), rule), Layer.NETWORK, RefusalReason.POLICY_DENIES);
    }
  }

  @Test
  void loosensNeitherWhoACallerIsNorWhetherHeMayCall() {
    for (Layer layer : new Layer[] {Layer.IDENTITY, Layer.CALLER}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AccessRule.usual().reportOnly(layer, END));
    }
  }

  @Test
  void doesNotKeepTheDecisionFromNamingTheServiceAccount() {
    try (House house = House.standing()) {
      assertThat(house.admits(by(WEB_BY_KERBEROS)).serviceAccount())
          .contains(ServiceAccountName.parse("shop/web"));
    }
  }

  private static AccessDecision admit(House house, CallerEvidence evidence, AccessRule rule) {
    return house.identity().admit(evidence, rule);
  }
}
