// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestClock;
import dev.serviceidentity.testkit.TestIdentity;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cluster as the network of a real identity. */
class AdmissionTest {
  private final TestClock clock = TestClock.at(Clock.systemUTC());
  private final FakeCluster cluster =
      FakeCluster.create()
          .namespace("shop")
          .pod(FakePod.of("shop/web", "app=web").serviceAccount("web"))
          .pod(FakePod.of("shop/orders", "app=orders").serviceAccount("orders"))
          .ownPod("shop/orders")
          .binding(WorkloadBinding.builder().trustDomain("shop.example").build());
  private final ServiceIdentity orders =
      ServiceIdentity.builder()
          .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
          .network(cluster)
          .allow(AllowedCallers.serviceAccounts("shop/web"))
          .clock(clock)
          .open();

  @AfterEach
  void close() {
    orders.close();
    cluster.close();
  }

  private AccessDecision admitWebFrom(String pod) {
    TestIdentity web = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web").clock(clock);
    return orders.admit(web.from(cluster.addressOf(pod)).evidence());
  }

  private Refused refusedWebFrom(String pod) {
    assertThat(admitWebFrom(pod)).isInstanceOf(Refused.class);
    return (Refused) admitWebFrom(pod);
  }

  @Test
  void aCallerIsAdmittedFromItsOwnPod() {
    assertThat(admitWebFrom("shop/web")).isInstanceOf(Admitted.class);
  }

  @Test
  void aStolenCredentialIsRefusedFromAnotherPod() {
    cluster.pod(FakePod.of("shop/thief").serviceAccount("thief"));

    assertThat(refusedWebFrom("shop/thief").reason()).isEqualTo(RefusalReason.WRONG_WORKLOAD);
  }

  @Test
  void aPolicyThatComesLaterRefusesTheNextRequest() {
    assertThat(admitWebFrom("shop/web")).isInstanceOf(Admitted.class);
    cluster.policy("shop/closed", "podSelector: {}");

    assertThat(refusedWebFrom("shop/web").reason()).isEqualTo(RefusalReason.POLICY_DENIES);
    assertThat(refusedWebFrom("shop/web").explanation()).contains("shop/closed");
  }

  @Test
  void aViewThatIsTooOldRefuses() {
    cluster.stale();
    assertThat(refusedWebFrom("shop/web").reason()).isEqualTo(RefusalReason.VIEW_STALE);

    cluster.provenAt(clock.instant());
    assertThat(admitWebFrom("shop/web")).isInstanceOf(Admitted.class);
    clock.advance(Duration.ofMinutes(6));
    assertThat(refusedWebFrom("shop/web").reason()).isEqualTo(RefusalReason.VIEW_STALE);

    cluster.recover();
    assertThat(admitWebFrom("shop/web")).isInstanceOf(Admitted.class);
  }

  @Test
  void aMissingRightRefusesAndIsNamed() {
    cluster.forbid("list", "networkpolicies");

    Refused refused = refusedWebFrom("shop/web");
    assertThat(refused.reason()).isEqualTo(RefusalReason.POLICY_UNDECIDABLE);
    assertThat(refused.explanation()).contains("no right to list networkpolicies");
    assertThat(orders.health().toString()).contains("list networkpolicies");
  }

  @Test
  void aCallerWhosePodIsNotSeenIsRefusedAndTheRightIsNamed() {
    cluster.forbid("list", "pods");

    Refused refused = refusedWebFrom("shop/web");
    assertThat(refused.reason()).isEqualTo(RefusalReason.SOURCE_UNKNOWN);
    assertThat(refused.explanation()).contains("no right to list pods");
  }

  @Test
  void withoutItsOwnPodAServiceRefusesEverybody() {
    cluster.delete("Pod", "shop/orders");

    assertThat(refusedWebFrom("shop/web").explanation()).contains("own pod");
    assertThat(cluster.health().detail()).contains("shop/orders is not in the cluster");
  }

  @Test
  void aServiceAccountMayClaimItsPrincipalWhereTheBindingHearsIt() {
    cluster
        .serviceAccount("shop/orders")
        .serviceAccount("shop/web", "kerberos:web@SHOP.EXAMPLE")
        .binding(WorkloadBinding.builder().realm("SHOP.EXAMPLE").annotationsFrom("shop").build());

    assertThat(cluster.serviceAccountOf(TestIdentity.of("kerberos:web@SHOP.EXAMPLE").principal()))
        .hasToString("Optional[shop/web]");
  }
}
