// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.FakeNetwork.WEB;
import static dev.serviceidentity.fakes.FakeNetwork.pod;
import static dev.serviceidentity.fakes.Requests.ALICE;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The layer of network policies")
class NetworkLayerTest {
  private final House house = House.with(it -> it.admitUnbound(AllowedCallers.principals(ALICE)));
  private final List<Flow> asked = new ArrayList<>();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void asksForThePathFromTheCallersPodToItsOwnOnThePortOfTheConnection() {
    answering(Verdict.ALLOWED);
    house.admits(by(WEB_BY_MTLS));
    assertThat(asked)
        .containsExactly(
            new Flow(
                FlowEnd.of(WEB),
                FlowEnd.pod("shop", "orders-1"),
                8080,
                Protocol.TCP,
                Side.INGRESS));
  }

  @Test
  void asksForTheAddressOfACallerWhoIsNoPod() throws Exception {
    answering(Verdict.ALLOWED);
    house.network.resolving(Resolution.External::new);
    house.admits(by(ALICE));
    assertThat(asked)
        .extracting(Flow::from)
        .containsExactly(FlowEnd.of(InetAddress.getByName("10.1.0.5")));
  }

  @Test
  void asksForTheCallersEgressAsWellIfTold() {
    try (House both = House.with(ServiceIdentityBuilder::checkCallerEgress)) {
      both.network.checking(
          flow -> {
            asked.add(flow);
            return both.network.decision(Verdict.ALLOWED);
          });
      both.admits(by(WEB_BY_MTLS));
    }
    assertThat(asked).extracting(Flow::side).containsExactly(Side.BOTH);
  }

  @Test
  void refusesAPathThatThePoliciesDeny() {
    answering(Verdict.DENIED);
    Refused refused = refuses(RefusalReason.POLICY_DENIES);
    assertThat(refused.httpStatus()).isEqualTo(403);
    assertThat(refused.explanation()).contains("the policies say DENIED");
    assertThat(refused.explanation().lines().findFirst().orElseThrow())
        .contains("ingress of shop/orders: DENIED — by its rules");
    assertThat(refused.publicReason()).doesNotContain("policies");
    assertThat(refused.reply()).map(field -> field.name()).containsExactly("X-Reply-mtls");
  }

  @Test
  void refusesAPathThatThePoliciesCannotDecide() {
    answering(Verdict.UNDECIDABLE);
    assertThat(refuses(RefusalReason.POLICY_UNDECIDABLE).httpStatus()).isEqualTo(503);
  }

  @Test
  void admitsSeveralPodsThatMayBeTheCallerOnlyIfAllAreAllowed() {
    house.network.resolving(
        () -> new Resolution.Candidates(List.of(WEB, pod("shop/web", "web-2"))));
    answering(Verdict.ALLOWED, Verdict.ALLOWED);
    house.admits(by(WEB_BY_MTLS));
    assertThat(asked).hasSize(2);
  }

  @Test
  void deniesSeveralPodsThatMayBeTheCallerOnlyIfAllAreDenied() {
    house.network.resolving(
        () -> new Resolution.Candidates(List.of(WEB, pod("shop/web", "web-2"))));
    answering(Verdict.DENIED, Verdict.DENIED);
    refuses(RefusalReason.POLICY_DENIES);
    answering(Verdict.ALLOWED, Verdict.DENIED);
    assertThat(refuses(RefusalReason.POLICY_UNDECIDABLE).explanation())
        .contains("the policies say DENIED");
    answering(Verdict.DENIED, Verdict.UNDECIDABLE);
    refuses(RefusalReason.POLICY_UNDECIDABLE);
    answering(Verdict.ALLOWED, Verdict.UNDECIDABLE);
    refuses(RefusalReason.POLICY_UNDECIDABLE);
  }

  @Test
  void refusesEverybodyWhileTheViewDoesNotShowItsOwnPod() {
    house.network.being(Optional::empty);
    assertThat(refuses(RefusalReason.POLICY_UNDECIDABLE).explanation())
        .contains("the view does not show this service's own pod");
  }

  private void answering(Verdict... verdicts) {
    asked.clear();
    house.network.checking(
        flow -> {
          asked.add(flow);
          return house.network.decision(verdicts[(asked.size() - 1) % verdicts.length]);
        });
  }

  private Refused refuses(RefusalReason reason) {
    return house.refuses(by(WEB_BY_MTLS), Layer.NETWORK, reason);
  }
}
