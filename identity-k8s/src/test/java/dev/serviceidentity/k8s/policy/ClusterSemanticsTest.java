// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.node;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.podWithSpec;
import static dev.serviceidentity.k8s.TestCluster.podWithStatus;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static dev.serviceidentity.network.PolicyDecision.Verdict.ALLOWED;
import static dev.serviceidentity.network.PolicyDecision.Verdict.DENIED;
import static dev.serviceidentity.network.PolicyDecision.Verdict.UNDECIDABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The semantics around NetworkPolicy: addresses, nodes and what is not known, by statement. */
class ClusterSemanticsTest {
  private static final String SHOP = namespace("shop", "team: a");
  private static final String ON_N1 = "nodeName: n1, containers: []";
  private static final String HOST_N1 = "nodeName: n1, hostNetwork: true, containers: []";
  private static final String ORDERS =
      podWithSpec("shop/orders", "role: orders", ON_N1, "10.0.0.3");
  private static final String WEB = podWithSpec("shop/web", "role: frontend", ON_N1, "10.0.0.1");
  private static final String DENY = policy("shop/deny", "{policyTypes: [Ingress, Egress]}");
  private static final String BLOCK = "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
  private static final String BY_BLOCK = policy("shop/block", BLOCK);
  private static final String N1 = node("n1", "172.16.0.1", "2001:db8:1::1");
  private static final String N2 = node("n2", "172.16.0.2");
  private static final String DEPLOYMENT =
      """
      {apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: api}, spec:
       {template: {metadata: {labels: {role: api}}, spec: {containers: []}}}}""";

  @Nested
  class Statement13BlocksAndPods {
    private final TestCluster cluster = TestCluster.of(SHOP, ORDERS, WEB, BY_BLOCK);

    @Test
    void aBlockMatchesPodsByDefaultAndSaysSo() {
      assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(ALLOWED);
      assertThat(cluster.why("shop/web", "shop/orders", 80)).contains("not every network plugin");
    }

    @Test
    void aBlockCanBeToldNotToMatchPods() {
      var ignoring = cluster.assuming(new Assumptions(PodsInBlocks.IGNORE, Unowned.UNDECIDABLE));

      assertThat(ignoring.ingress("shop/web", "shop/orders", 80)).isEqualTo(DENIED);
      assertThat(ignoring.ingress("10.9.9.9", "shop/orders", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void aBlockCanBeLeftOpenForPods() {
      var open = cluster.assuming(new Assumptions(PodsInBlocks.UNDECIDABLE, Unowned.UNDECIDABLE));

      assertThat(open.ingress("shop/web", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
      assertThat(open.ingress("10.9.9.9", "shop/orders", 80)).isEqualTo(ALLOWED);
    }
  }

  @Test
  void statement14TheExplanationSaysWhichAddressWasUsed() {
    assertThat(TestCluster.of(SHOP, ORDERS, DENY).why("198.51.100.7", "shop/orders", 80))
        .contains("198.51.100.7");
  }

  @Nested
  class Statement15HostNetwork {
    private final TestCluster cluster =
        TestCluster.of(
            SHOP,
            ORDERS,
            N1,
            N2,
            podWithSpec(
                "shop/agent",
                "role: frontend",
                "nodeName: n2, hostNetwork: true, containers: [{ports: [{name: http,"
                    + " containerPort: 80}]}]",
                "172.16.0.2"),
            policy("shop/by-label", "{ingress: [{from: [{podSelector: {}}]}]}"),
            policy(
                "shop/by-node",
                "{ingress: [{from: [{ipBlock: {cidr: 172.16.0.2/32}}],"
                    + " ports: [{port: 443}]}]}"),
            policy("shop/out", "{policyTypes: [Egress], egress: [{ports: [{port: http}]}]}"));

    @Test
    void noSelectorMatchesIt() {
      assertThat(cluster.ingress("shop/agent", "shop/orders", 80)).isEqualTo(DENIED);
      assertThat(cluster.ingress("172.16.0.2", "shop/orders", 80)).isEqualTo(DENIED);
    }

    @Test
    void aBlockMatchesItsNode() {
      assertThat(cluster.ingress("shop/agent", "shop/orders", 443)).isEqualTo(ALLOWED);
      assertThat(cluster.ingress("172.16.0.2", "shop/orders", 443)).isEqualTo(ALLOWED);
    }

    @Test
    void policiesDoNotApplyToIt() {
      assertThat(cluster.ingress("shop/orders", "shop/agent", 80)).isEqualTo(ALLOWED);
      assertThat(cluster.why("shop/orders", "shop/agent", 80)).contains("no policy applies to");
    }

    @Test
    void itGivesNoNamesToPorts() {
      assertThat(cluster.egress("shop/orders", "shop/agent", 80)).isEqualTo(DENIED);
    }
  }

  @Nested
  class Statement16OwnNode {
    private final TestCluster cluster =
        TestCluster.of(
            SHOP,
            ORDERS,
            DENY,
            N1,
            N2,
            podWithSpec("shop/agent", "a: b", HOST_N1, "172.16.0.1"),
            podWithSpec("shop/lost-agent", "a: b", "hostNetwork: true, containers: []"),
            podWithStatus("shop/unplaced", "a: b", "containers: []", "podIP: 10.0.0.9"),
            podWithStatus(
                "shop/told", "a: b", "containers: []", "podIP: 10.0.0.8, hostIP: 172.16.0.1"));

    @Test
    void aPodAndItsNodeReachEachOtherOnAnyOfItsAddresses() {
      assertThat(cluster.ingress("172.16.0.1", "shop/orders", 80)).isEqualTo(ALLOWED);
      assertThat(cluster.ingress("shop/agent", "shop/orders", 80)).isEqualTo(ALLOWED);
      assertThat(cluster.egress("shop/orders", "172.16.0.1", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void anotherNodeIsAnAddressLikeAnyOther() {
      assertThat(cluster.ingress("172.16.0.2", "shop/orders", 80)).isEqualTo(DENIED);
    }

    @Test
    void aNodeIsKnownByTheAddressThatThePodsStatusGives() {
      assertThat(cluster.ingress("172.16.0.1", "shop/told", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void whereOneOfTheNodesIsNotKnownADenialIsNotCertain() {
      assertThat(cluster.ingress("172.16.0.1", "shop/unplaced", 80)).isEqualTo(UNDECIDABLE);
      assertThat(cluster.ingress("shop/lost-agent", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
    }

    @Test
    void anAddressThatTwoNodesClaimMayBeTheOtherOnes() {
      var twice = TestCluster.of(SHOP, ORDERS, DENY, N1, node("n2", "172.16.0.1"));
      var neither = TestCluster.of(SHOP, ORDERS, DENY, N2, node("n3", "172.16.0.2"));

      assertThat(twice.ingress("172.16.0.1", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
      assertThat(neither.ingress("172.16.0.2", "shop/orders", 80)).isEqualTo(DENIED);
    }

    @Test
    void theExplanationSaysWhichCaseAllowsAndWhichDenies() {
      assertThat(cluster.why("shop/lost-agent", "shop/orders", 80))
          .contains(
              "UNDECIDABLE — allowed if shop/orders runs on the same node, since a pod and its own"
                  + " node always reach each other; else denied: `deny` isolates shop/orders");
    }

    @Test
    void whereBothCasesAgreeItIsCertain() {
      var open =
          TestCluster.of(
              SHOP,
              N1,
              podWithStatus("shop/unplaced", "", "containers: []", "podIP: 10.0.0.9"),
              policy("shop/open", "{ingress: [{}]}"));

      assertThat(open.ingress("172.16.0.1", "shop/unplaced", 80)).isEqualTo(ALLOWED);
    }
  }

  @Nested
  class Statement17Self {
    @Test
    void aPodReachesItselfOnAllItsAddresses() {
      var cluster = TestCluster.of(SHOP, DENY, pod("shop/dual", "a: b", "10.0.0.5", "2001:db8::5"));

      assertThat(cluster.ingress("shop/dual", "shop/dual", 80)).isEqualTo(ALLOWED);
      assertThat(cluster.egress("shop/dual", "2001:db8::5", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void aTemplateAskedAboutItselfMeansTwoPods() {
      var cluster = TestCluster.of(SHOP, DENY, DEPLOYMENT);

      assertThat(cluster.ingress("shop/api", "shop/api", 80)).isEqualTo(DENIED);
    }

    @Test
    void aTemplateOfWhichPodsAdmitEachOtherReachesItself() {
      var open =
          TestCluster.of(
              SHOP, DEPLOYMENT, policy("shop/p", "{ingress: [{from: [{podSelector: {}}]}]}"));

      assertThat(open.ingress("shop/api", "shop/api", 80)).isEqualTo(ALLOWED);
    }
  }

  @Nested
  class Statement18Sides {
    private final TestCluster cluster = TestCluster.of(SHOP, ORDERS, WEB);

    @Test
    void theExplanationSaysThatEgressWasNotChecked() {
      assertThat(cluster.why("shop/web", "shop/orders", 80)).contains("egress: not checked");
    }
  }

  @Nested
  class Statement24Addresses {
    @Test
    void anEndedPodHasNoAddressAnyMore() {
      var cluster =
          TestCluster.of(
              SHOP,
              ORDERS,
              WEB,
              podWithStatus(
                  "shop/job", "role: batch", "containers: []", "phase: Succeeded, podIP: 10.0.0.1"),
              policy(
                  "shop/web-only",
                  "{ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]}"));

      assertThat(cluster.ingress("10.0.0.1", "shop/orders", 80)).isEqualTo(ALLOWED);
      assertThat(cluster.ingress("shop/job", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
    }

    @Test
    void twoPodsThatShareAnAddressMustAgree() {
      var cluster =
          TestCluster.of(
              SHOP,
              ORDERS,
              WEB,
              pod("shop/ending", "role: batch", "10.0.0.1"),
              policy(
                  "shop/web-only",
                  "{ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]}"));

      assertThat(cluster.ingress("10.0.0.1", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
    }

    @Test
    void anAddressPicksTheFamilyAndANameStandsForEach() {
      var cluster =
          TestCluster.of(
              SHOP,
              pod("shop/orders", "role: orders", "10.0.0.3", "2001:db8::3"),
              pod("shop/dual", "a: b", "10.0.0.5", "2001:db8::5"),
              BY_BLOCK);

      assertThat(cluster.ingress("10.0.0.5", "shop/orders", 80)).isEqualTo(ALLOWED);
      assertThat(cluster.ingress("2001:db8::5", "shop/orders", 80)).isEqualTo(DENIED);
      assertThat(cluster.ingress("shop/dual", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
    }

    @Test
    void withoutACommonFamilyThereIsNoFlow() {
      var cluster = TestCluster.of(SHOP, ORDERS, pod("shop/six", "a: b", "2001:db8::6"));

      assertThat(cluster.ingress("shop/six", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
      assertThat(cluster.why("shop/six", "shop/orders", 80)).contains("no address family");
    }

    @Test
    void anUnknownAddressLeavesABlockOpen() {
      var cluster = TestCluster.of(SHOP, ORDERS, DEPLOYMENT, BY_BLOCK);

      assertThat(cluster.ingress("shop/api", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
    }
  }

  @Nested
  class PodsWithoutAnAddress {
    private static final String EVERYWHERE =
        "{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]}]}";
    private static final String V4 = "{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}";

    private static Verdict verdict(String target, String spec, String... podNetworks) {
      List<Cidr> networks = Stream.of(podNetworks).map(Cidr::parse).toList();
      return TestCluster.of(SHOP, target, DEPLOYMENT, policy("shop/p", spec))
          .assuming(new Assumptions(PodsInBlocks.MATCH, Unowned.UNDECIDABLE, networks))
          .ingress("shop/api", "shop/orders", 80);
    }

    private static String block(String cidr, String except) {
      return "{ingress: [{from: [{ipBlock: {cidr: %s, except: [%s]}}]}]}".formatted(cidr, except);
    }

    @Test
    void aBlockOfEveryAddressMatchesThem() {
      String unplaced = pod("shop/orders", "role: orders");

      assertThat(verdict(unplaced, EVERYWHERE)).isEqualTo(ALLOWED);
      assertThat(verdict(unplaced, V4)).isEqualTo(UNDECIDABLE);
      assertThat(verdict(ORDERS, V4)).isEqualTo(ALLOWED);
      assertThat(verdict(ORDERS, block("0.0.0.0/0", "192.0.2.0/24"))).isEqualTo(UNDECIDABLE);
    }

    @Test
    void aBlockOfAllPodNetworksMatchesThemAndOneOfNoneDoesNot() {
      assertThat(verdict(ORDERS, BLOCK, "10.42.0.0/16")).isEqualTo(ALLOWED);
      assertThat(verdict(ORDERS, BLOCK, "192.168.0.0/16")).isEqualTo(DENIED);
      assertThat(verdict(ORDERS, BLOCK, "10.42.0.0/16", "192.168.0.0/16")).isEqualTo(UNDECIDABLE);
      assertThat(verdict(ORDERS, BLOCK, "0.0.0.0/0")).isEqualTo(UNDECIDABLE);
    }

    @Test
    void anExceptionCountsAsFarAsItCoversThePodNetworks() {
      String all = "10.42.0.0/16";

      assertThat(verdict(ORDERS, block("10.0.0.0/8", "10.42.0.0/15"), all)).isEqualTo(DENIED);
      assertThat(verdict(ORDERS, block("10.0.0.0/8", "10.42.7.0/24"), all)).isEqualTo(UNDECIDABLE);
      assertThat(verdict(ORDERS, block("10.0.0.0/8", "10.43.0.0/16"), all)).isEqualTo(ALLOWED);
    }

    @Test
    void podNetworksOfOneFamilyLeaveNoDoubtOfTheFamily() {
      String unplaced = pod("shop/orders", "role: orders");

      assertThat(verdict(unplaced, V4, "10.42.0.0/16")).isEqualTo(ALLOWED);
      assertThat(verdict(unplaced, V4, "fd00::/64")).isEqualTo(DENIED);
      assertThat(verdict(unplaced, V4, "10.42.0.0/16", "fd00::/64")).isEqualTo(UNDECIDABLE);
    }

    @Test
    void theExplanationNamesTheOption() {
      var cluster = TestCluster.of(SHOP, ORDERS, DEPLOYMENT, BY_BLOCK);

      assertThat(cluster.why("shop/api", "shop/orders", 80))
          .contains("the caller's address is not known")
          .contains("--pod-cidr", "--pods-in-blocks")
          .doesNotContain("more pair(s)");
    }

    @Test
    void theExplanationSaysByWhichFamilyAnswersDiffer() {
      var cluster = TestCluster.of(SHOP, pod("shop/orders", ""), DEPLOYMENT, policy("shop/p", V4));

      assertThat(cluster.why("shop/api", "shop/orders", 80))
          .contains("allowed from shop/api to shop/orders over IPv4, but")
          .contains("denied from shop/api to shop/orders over IPv6")
          .contains("ingress of shop/orders from shop/api over IPv6: DENIED")
          .contains("the caller's address is an IPv6 address");
      assertThat(cluster.explain("shop/api", "shop/orders", "80", Side.EGRESS).parts())
          .singleElement()
          .satisfies(part -> assertThat(part.of()).isEqualTo("shop/api"));
    }
  }

  @Nested
  class Statement25Malformed {
    @Test
    void aMalformedPartAdmitsNothingAndTheRestStillDoes() {
      var cluster =
          TestCluster.of(
              SHOP,
              ORDERS,
              WEB,
              policy(
                  "shop/p",
                  "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/99}}]}, {ports: [{port: 80}]}]}"));

      assertThat(cluster.ingress("shop/web", "shop/orders", 81)).isEqualTo(DENIED);
      assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void anUnreadableSubjectClosesTheNamespaceInBothDirections() {
      var cluster =
          TestCluster.of(
              SHOP,
              ORDERS,
              WEB,
              policy("shop/p", "{podSelector: {matchLables: {a: b}}, ingress: [{}]}"));

      assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(DENIED);
      assertThat(cluster.egress("shop/web", "shop/orders", 80)).isEqualTo(DENIED);
    }
  }

  @Nested
  class Statement27UnknownAddresses {
    private final TestCluster complete = TestCluster.of(SHOP, ORDERS, BY_BLOCK);
    private final TestCluster partial = TestCluster.of(SHOP, ORDERS, DEPLOYMENT, BY_BLOCK);

    @Test
    void withAllAddressesKnownAnUnownedOneIsOutside() {
      assertThat(complete.ingress("10.7.7.7", "shop/orders", 80)).isEqualTo(ALLOWED);
      assertThat(complete.ingress("11.7.7.7", "shop/orders", 80)).isEqualTo(DENIED);
    }

    @Test
    void otherwiseItIsUndecidable() {
      assertThat(partial.ingress("10.7.7.7", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
      assertThat(partial.why("10.7.7.7", "shop/orders", 80)).contains("shop/api");
    }

    @Test
    void blocksMayBeAllowedToDecideOnIt() {
      var deciding = partial.assuming(new Assumptions(PodsInBlocks.MATCH, Unowned.BLOCKS_DECIDE));

      assertThat(deciding.ingress("10.7.7.7", "shop/orders", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void itMayBeDeclaredOutside() {
      var outside = partial.assuming(new Assumptions(PodsInBlocks.MATCH, Unowned.OUTSIDE));

      assertThat(outside.ingress("11.7.7.7", "shop/orders", 80)).isEqualTo(DENIED);
    }

    @Test
    void aLoopbackAddressIsNeverOutside() {
      var outside = complete.assuming(new Assumptions(PodsInBlocks.MATCH, Unowned.OUTSIDE));

      assertThat(outside.ingress("127.0.0.1", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
    }
  }

  @Nested
  class PoliciesThatAreNotEvaluated {
    private static final String ADMIN =
        "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}}";
    private static final String CILIUM =
        "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: c, namespace: bank}}";

    @Test
    void leaveUndecidableWhatTheyCouldTouch() {
      var cluster = TestCluster.of(SHOP, ORDERS, WEB, ADMIN);

      assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
      assertThat(cluster.why("shop/web", "shop/orders", 80)).contains("AdminNetworkPolicy a");
    }

    @Test
    void leaveOtherNamespacesAloneIfTheyHaveOne() {
      var cluster = TestCluster.of(SHOP, ORDERS, WEB, CILIUM);

      assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void cannotKeepAPodFromItself() {
      var cluster = TestCluster.of(SHOP, ORDERS, ADMIN);

      assertThat(cluster.ingress("shop/orders", "shop/orders", 80)).isEqualTo(ALLOWED);
    }

    @Test
    void outrankTheOwnNode() {
      var cluster = TestCluster.of(SHOP, ORDERS, N1, ADMIN);

      assertThat(cluster.ingress("172.16.0.1", "shop/orders", 80)).isEqualTo(UNDECIDABLE);
    }
  }
}
