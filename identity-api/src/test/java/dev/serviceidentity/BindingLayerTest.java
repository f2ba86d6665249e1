// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.FakeNetwork.WEB;
import static dev.serviceidentity.fakes.FakeNetwork.pod;
import static dev.serviceidentity.fakes.Requests.ALICE;
import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The layer of binding")
class BindingLayerTest {
  private final House house = House.with(it -> it.admitUnbound(AllowedCallers.principals(ALICE)));

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void admitsACredentialThatComesFromItsOwnPod() {
    assertThat(house.admits(by(WEB_BY_KERBEROS)).workload()).contains(WEB);
  }

  @Test
  void refusesACredentialThatComesFromThePodOfAnotherWorkload() {
    Workload thief = pod("shop/batch", "batch-1");
    house.network.resolving(() -> new Resolution.One(thief));
    Refused refused = refuses(RefusalReason.WRONG_WORKLOAD);
    assertThat(refused.httpStatus()).isEqualTo(403);
    assertThat(refused.explanation()).contains("shop/web", "10.1.0.5", "shop/batch-1", "stolen");
    assertThat(refused.reply()).map(field -> field.name()).containsExactly("X-Reply-kerberos");
  }

  @Test
  void refusesACredentialThatComesFromTheSameAccountNameInAnotherNamespace() {
    house.network.resolving(() -> new Resolution.One(pod("evil/web", "web-1")));
    refuses(RefusalReason.WRONG_WORKLOAD);
  }

  @Test
  void admitsIfEachPodThatMayOwnTheAddressRunsAsTheCredentialSays() {
    house.network.resolving(
        () -> new Resolution.Candidates(List.of(WEB, pod("shop/web", "web-2"))));
    assertThat(house.admits(by(WEB_BY_MTLS)).workload()).isEmpty();
  }

  @Test
  void refusesIfOneOfThePodsThatMayOwnTheAddressRunsAsSomebodyElse() {
    house.network.resolving(
        () -> new Resolution.Candidates(List.of(WEB, pod("shop/batch", "batch-1"))));
    refuses(RefusalReason.WRONG_WORKLOAD);
  }

  @Test
  void refusesAWorkloadsCredentialFromOutsideTheCluster() {
    house.network.resolving(Resolution.External::new);
    refuses(RefusalReason.SOURCE_OUTSIDE);
  }

  @Test
  void refusesAnAddressThatProvesNothing() {
    house.network.resolving(() -> new Resolution.Hidden("a node's address"));
    assertThat(refuses(RefusalReason.SOURCE_HIDDEN).explanation()).contains("a node's address");
  }

  @Test
  void refusesAnAddressThatProvesNothingAlsoToThoseWhoNeedNoWorkload() {
    house.network.resolving(() -> new Resolution.Hidden("a node's address"));
    house.refuses(by(ALICE), Layer.BINDING, RefusalReason.SOURCE_HIDDEN);
  }

  @Test
  void admitsOnceALookUpFindsThePodOfAnUnknownAddress() {
    house.network.resolving(() -> new Resolution.Unknown("not seen yet"));
    house.network.lookingUp(() -> CompletableFuture.supplyAsync(() -> new Resolution.One(WEB)));
    assertThat(house.admits(by(WEB_BY_KERBEROS)).workload()).contains(WEB);
  }

  @Test
  void asksForALookUpOfAnUnknownAddressOnly() {
    house.network.lookingUp(
        () -> {
          throw new AssertionError("looked up what is known");
        });
    house.admits(by(WEB_BY_KERBEROS));
  }

  @Test
  void refusesAnAddressThatStaysUnknown() {
    house.network.resolving(() -> new Resolution.Unknown("no pod has it"));
    Refused refused = refuses(RefusalReason.SOURCE_UNKNOWN);
    assertThat(refused.httpStatus()).isEqualTo(503);
    assertThat(refused.explanation()).contains("no pod has it");
  }

  @Test
  void refusesAnAddressWhoseLookUpFails() {
    house.network.resolving(() -> new Resolution.Unknown("not seen yet"));
    house.network.lookingUp(
        () -> CompletableFuture.failedFuture(new IllegalStateException("no right to list pods")));
    Refused refused = refuses(RefusalReason.INTERNAL_ERROR);
    assertThat(refused.explanation()).doesNotContain("no right");
    assertThat(refused.reply()).isNotEmpty();
  }

  @Test
  void refusesAPrincipalThatStandsForNoWorkloadUnlessItIsNamed() {
    house.refuses(by("kerberos:bob@SHOP.EXAMPLE"), Layer.BINDING, RefusalReason.UNBOUND_PRINCIPAL);
    Admitted admitted = house.admits(by(ALICE));
    assertThat(admitted.caller()).hasToString(ALICE);
  }

  @Test
  void bindsNobodyToAPodWhoStandsForNoWorkload() {
    assertThat(house.admits(by(ALICE)).workload()).isEmpty();
  }

  @Test
  void bindsAWorkloadAlsoIfItIsNamedAmongTheUnbound() {
    house.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
    try (House open = House.with(it -> it.admitUnbound(AllowedCallers.matching(caller -> true)))) {
      open.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
      open.refuses(by(WEB_BY_KERBEROS), Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
    }
  }

  private Refused refuses(RefusalReason reason) {
    return house.refuses(by(WEB_BY_KERBEROS), Layer.BINDING, reason);
  }
}
