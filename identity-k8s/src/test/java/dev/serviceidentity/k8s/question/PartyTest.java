// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.policy.IpAddress.Family;
import dev.serviceidentity.k8s.question.Party.Member;
import dev.serviceidentity.k8s.question.Party.Pair;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartyTest {
  private static final FlowEnd ONE = FlowEnd.pod("shop", "one");
  private static final FlowEnd TWO = FlowEnd.pod("shop", "two");
  private static final FlowEnd SIX = FlowEnd.pod("shop", "six");

  private static Member four(FlowEnd... ends) {
    return new Member(List.of(ends), Set.of(Family.IPV4));
  }

  private static Party party(Member... members) {
    return new Party("shop/web", "shop", List.of(members));
  }

  @Test
  void podsThatDifferReachEachOtherAndNotThemselves() {
    Party replicas = party(four(ONE), four(TWO));

    assertThat(replicas.pairsTo(replicas)).containsExactly(new Pair(ONE, TWO), new Pair(TWO, ONE));
  }

  @Test
  void podsThatAreAlikeReachTheOtherOfThem() {
    Party replicas = party(four(ONE, TWO));

    assertThat(replicas.pairsTo(replicas)).containsExactly(new Pair(ONE, TWO));
  }

  @Test
  void aSinglePodReachesItself() {
    Party single = party(four(ONE));

    assertThat(single.pairsTo(single)).containsExactly(new Pair(ONE, ONE));
  }

  @Test
  void aPairThatNoFamilyJoinsIsAskedAboutOnlyWhereThereIsNoOther() {
    Party six = party(new Member(List.of(SIX), Set.of(Family.IPV6)));

    assertThat(party(four(ONE), four(TWO)).pairsTo(six)).containsExactly(new Pair(ONE, SIX));
    assertThat(party(four(ONE)).pairsTo(party(new Member(List.of(SIX), Set.of()), four(TWO))))
        .containsExactly(new Pair(ONE, SIX), new Pair(ONE, TWO));
  }

  @Test
  void anAnswerForSeveralPairsSaysHowManyMoreItHoldsFor() {
    var manifests =
        TestCluster.of(
                TestCluster.namespace("shop", "a: b"),
                TestCluster.pod("shop/one", "a: b", "10.0.0.1"),
                TestCluster.pod("shop/two", "a: b", "10.0.0.2"),
                TestCluster.pod("shop/six", "a: b", "10.0.0.6"))
            .manifests();
    try (KubernetesNetwork network = KubernetesNetwork.fromManifests(manifests).open()) {
      var questions =
          new PolicyQuestions(network, Directory.of(Inventory.of(manifests), manifests.report()));
      PortNumber port = PortNumber.parse("80");
      Party callers = party(four(ONE), four(TWO), four(SIX));

      assertThat(questions.ask(callers, party(four(ONE)), port, Side.BOTH).why().get().summary())
          .contains("for 1 more pair(s) of ends");
      assertThat(questions.ask(callers, callers, port, Side.BOTH).why().get().summary())
          .contains("for 5 more pair(s) of ends");
      assertThat(
              questions
                  .ask(party(four(ONE)), party(four(TWO)), port, Side.BOTH)
                  .why()
                  .get()
                  .summary())
          .doesNotContain("more pair(s)");
    }
  }
}
