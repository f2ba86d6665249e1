// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asked about the orders of the sample, whose policy lets web and batch in at port 8443. */
class EffectiveRightsTest {
  private static final Path SHOP = Path.of("..", "samples", "shop", "k8s");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
  private static final PortNumber HTTPS = PortNumber.parse("8443");

  private final KubernetesNetwork network =
      KubernetesNetwork.fromManifests(SHOP)
          .trustLoopbackPods()
          .ownPod("shop", "orders-0")
          .binding(
              WorkloadBinding.builder().trustDomain("shop.example").realm("SHOP.EXAMPLE").build())
          .open();

  @AfterEach
  void close() {
    network.close();
  }

  private Door door(AllowedCallers allowed) {
    return Door.of(network.self().orElseThrow(), HTTPS, allowed);
  }

  private Map<String, Access> accessAt(Door door) {
    return EffectiveRights.of(network, CLOCK).callersAt(door).stream()
        .collect(Collectors.toMap(right -> right.account().toString(), CallerRight::access));
  }

  private CallerRight rightOf(String account, Door door) {
    return EffectiveRights.of(network, CLOCK).callerAt(ServiceAccountName.parse(account), door);
  }

  @Test
  void nameAndNetworkAreHeldAgainstEachOther() {
    Door door = door(AllowedCallers.serviceAccounts("shop/web", "finance/payments"));

    assertThat(accessAt(door))
        .containsEntry("shop/web", Access.BOTH)
        .containsEntry("shop/batch", Access.NETWORK_ONLY)
        .containsEntry("finance/payments", Access.IDENTITY_ONLY)
        .hasSize(3);
  }

  @Test
  void atAPortThatNoPolicyOpensNobodyGetsInByNetwork() {
    Door closed =
        Door.of(
            network.self().orElseThrow(),
            PortNumber.parse("9999"),
            AllowedCallers.serviceAccounts("shop/web"));

    assertThat(accessAt(closed))
        .containsEntry("shop/web", Access.IDENTITY_ONLY)
        .containsEntry("shop/batch", Access.NEITHER);
  }

  @Test
  void aRuleOnAPathCountsThereAndSomewhereButNotElsewhere() {
    Door door =
        door(AllowedCallers.onPath("/reports/**", AllowedCallers.serviceAccounts("shop/web")));

    assertThat(accessAt(door)).containsEntry("shop/web", Access.BOTH);
    assertThat(accessAt(door.request("GET", "/reports/1"))).containsEntry("shop/web", Access.BOTH);
    assertThat(accessAt(door.request("GET", "/orders/1")))
        .containsEntry("shop/web", Access.NETWORK_ONLY);
  }

  @Test
  void everyNameThatTheBindingTellsIsHeldAgainstTheRules() {
    Door door = door(AllowedCallers.principals("kerberos:HTTP/web.shop@SHOP.EXAMPLE"));

    ByName byName = rightOf("shop/web", door).byName();

    assertThat(byName.allowed())
        .containsExactly(PrincipalId.parse("kerberos:HTTP/web.shop@SHOP.EXAMPLE"));
    assertThat(byName.refused())
        .containsExactly(PrincipalId.parse("mtls:spiffe://shop.example/ns/shop/sa/web"));
    assertThat(byName.why()).contains("name kerberos:HTTP/web.shop@SHOP.EXAMPLE");
  }

  @Test
  void aNameOfAMechanismThatTheServiceDoesNotVerifyIsNone() {
    Door door = door(AllowedCallers.principals("kerberos:HTTP/web.shop@SHOP.EXAMPLE"));

    CallerRight right = rightOf("shop/web", door.provenBy(Set.of(MechanismName.MTLS)));

    assertThat(right.access()).isEqualTo(Access.NETWORK_ONLY);
    assertThat(right.byName().why()).startsWith("the allowed callers do not name mtls:");
    assertThat(rightOf("shop/web", door.provenBy(Set.of(MechanismName.of("other")))).byName().why())
        .contains("no principal that this service verifies");
    assertThat(rightOf("shop/web", door.provenBy(Set.of())).byName().isAllowed()).isFalse();
  }

  @Test
  void theNetworksAnswerIsExplained() {
    CallerRight right =
        rightOf("finance/payments", door(AllowedCallers.serviceAccounts("finance/payments")));

    assertThat(right.byNetwork().verdict()).isEqualTo(Verdict.DENIED);
    assertThat(right.byNetwork().why().get().render()).contains("orders-callers");
    assertThat(right.pods()).containsExactly("payments-0");
  }

  @Test
  void whoeverHasNoPodIsUndecidable() {
    CallerRight right = rightOf("shop/ghost", door(AllowedCallers.serviceAccounts("shop/ghost")));

    assertThat(right.access()).isEqualTo(Access.UNDECIDABLE);
    assertThat(right.byName().isAllowed()).isTrue();
    assertThat(right.byNetwork().why().get().summary())
        .contains("shop/ghost → shop/orders-0:8443/TCP", "no pod is known to run as it");
  }

  @Test
  void theWorldOutsideIsAskedAboutToo() {
    Door door = door(AllowedCallers.nobody());

    assertThat(EffectiveRights.of(network, CLOCK).outsideAt(door).verdict())
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void bothSidesArePartOfTheAnswerWhereThatIsSaid() {
    Door door = door(AllowedCallers.serviceAccounts("shop/web")).side(Side.BOTH);

    assertThat(rightOf("shop/web", door).access()).isEqualTo(Access.BOTH);
  }

  @Test
  void manifestsAreAllThereIsSoThatNobodyIsUnseen() {
    EffectiveRights rights = EffectiveRights.of(network, CLOCK);

    assertThat(rights.unseen()).isEmpty();
    assertThat(rights.stamp()).isEqualTo(network.stamp());
  }

  @Test
  void nothingIsDecidedByAViewThatHasBeenClosed() {
    Door door = door(AllowedCallers.serviceAccounts("shop/web"));
    network.close();

    assertThat(accessAt(door).values()).containsOnly(Access.UNDECIDABLE);
    assertThat(List.of(Access.BOTH.differs(), Access.IDENTITY_ONLY.differs()))
        .containsExactly(false, true);
  }
}
