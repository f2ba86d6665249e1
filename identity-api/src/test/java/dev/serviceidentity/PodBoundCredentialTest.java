// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.FakeNetwork.WEB;
import static dev.serviceidentity.fakes.FakeNetwork.pod;
import static dev.serviceidentity.fakes.Requests.ALICE;
import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller.BoundPod;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A credential that is for one pod")
class PodBoundCredentialTest {
  private static final Workload TWIN = pod("shop/web", "web-2");

  @Test
  void admitsItFromThatPod() {
    try (House house = bound(House.standing(), WEB)) {
      assertThat(house.admits(by(WEB_BY_KERBEROS)).workload()).contains(WEB);
    }
  }

  @Test
  void refusesItFromAnotherPodOfTheSameServiceAccount() {
    try (House house = bound(House.standing(), WEB)) {
      house.network.resolving(() -> new Resolution.One(TWIN));
      Refused refused =
          house.refuses(by(WEB_BY_KERBEROS), Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
      assertThat(refused.explanation()).contains("web-1", "web-2");
    }
  }

  @Test
  void refusesItFromALaterPodOfTheSameName() {
    try (House house = bound(House.standing(), WEB)) {
      var later =
          new Workload(
              WEB.serviceAccount(),
              new Workload.Pod(WEB.pod().name(), "another-uid", "node-1"),
              WEB.labels(),
              WEB.namespaceLabels());
      house.network.resolving(() -> new Resolution.One(later));
      house.refuses(by(WEB_BY_KERBEROS), Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
    }
  }

  @Test
  void tellsWhichOfSeveralPodsThatMayOwnTheAddressItIs() {
    try (House house = bound(House.standing(), TWIN)) {
      house.network.resolving(() -> new Resolution.Candidates(List.of(WEB, TWIN)));
      assertThat(house.admits(by(WEB_BY_KERBEROS)).workload()).contains(TWIN);
    }
  }

  @Test
  void refusesItIfOneOfThePodsThatMayOwnTheAddressRunsAsSomebodyElse() {
    try (House house = bound(House.standing(), WEB)) {
      house.network.resolving(
          () -> new Resolution.Candidates(List.of(WEB, pod("shop/batch", "batch-1"))));
      house.refuses(by(WEB_BY_KERBEROS), Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
    }
  }

  @Test
  void refusesOneThatNamesNoPodWhereThatIsDemanded() {
    try (House house = House.with(ServiceIdentityBuilder::requirePodBoundCredential)) {
      house.refuses(by(WEB_BY_KERBEROS), Layer.BINDING, RefusalReason.NOT_POD_BOUND);
    }
  }

  @Test
  void admitsOneThatNamesItsPodWhereThatIsDemanded() {
    try (House house = bound(House.with(ServiceIdentityBuilder::requirePodBoundCredential), WEB)) {
      house.admits(by(WEB_BY_KERBEROS));
    }
  }

  @Test
  void demandsNothingOfThoseWhoNeedNoWorkload() {
    try (House house =
        House.with(
            it -> it.requirePodBoundCredential().admitUnbound(AllowedCallers.principals(ALICE)))) {
      house.admits(by(ALICE));
    }
  }

  @Test
  void cannotBeDemandedWithoutANetwork() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(
            () ->
                ServiceIdentity.builder()
                    .mechanism(FakeMechanism.kerberos().provider())
                    .trustIdentityAlone()
                    .requirePodBoundCredential()
                    .allowAnyAuthenticated()
                    .open())
        .withMessageContaining("requirePodBoundCredential()");
  }

  /** Its Kerberos credentials are for one pod. */
  private static House bound(House house, Workload owner) {
    var pod = new BoundPod(owner.pod().name(), owner.pod().uid());
    house.kerberos.judging(
        evidence ->
            house
                .kerberos
                .believe(evidence)
                .thenApply(found -> Verification.verified(found.orElseThrow().boundTo(pod))));
    return house;
  }
}
