// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.node;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.podWithSpec;
import static dev.serviceidentity.k8s.TestCluster.podWithStatus;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistinctionsTest {
  private static final String POLICY =
      policy(
          "shop/p",
          "{podSelector: {matchLabels: {role: web}}, ingress: [{from: [{podSelector: {matchLabels:"
              + " {tier: front}}}, {ipBlock: {cidr: 10.0.0.0/24, except: [10.0.0.128/25]}}], ports:"
              + " [{port: 80, endPort: 90}, {port: http}, {port: 65535}, {port: 53, protocol:"
              + " UDP}]}]}");
  private static final String ONE = one("shop/one", "role: web", "http", 8080, "10.0.0.1");

  private static String one(String name, String labels, String port, int number, String address) {
    String spec = "containers: [{ports: [{name: %s, containerPort: %d}]}]".formatted(port, number);
    return podWithSpec(name, labels, spec, address);
  }

  private static List<Object> likenesses(String... objects) {
    var all = new ArrayList<>(List.of(objects));
    all.add(POLICY);
    ClusterFacts facts = TestCluster.of(all.toArray(String[]::new)).facts();
    var distinctions = Distinctions.of(facts);
    return facts.pods().stream().map(distinctions::likenessOf).toList();
  }

  private static void assertAlike(String... objects) {
    assertThat(Set.copyOf(likenesses(objects))).hasSize(1);
  }

  private static void assertApart(String... objects) {
    assertThat(likenesses(objects)).doesNotHaveDuplicates();
  }

  @Test
  void podsThatDifferInNothingThatPoliciesLookAtAreAlike() {
    assertAlike(ONE, one("shop/two", "role: web, colour: red", "http", 8080, "10.0.0.2"));
  }

  @Test
  void aPortOfANameThatNoPolicyUsesMakesNoDifference() {
    assertAlike(
        pod("shop/one", "role: web", "10.0.0.1"),
        one("shop/two", "role: web", "admin", 9000, "10.0.0.2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      shop/two | role: db              | http  | 8080 | 10.0.0.2
      shop/two | role: web, tier: back | http  | 8080 | 10.0.0.2
      shop/two | role: web             | http  | 8081 | 10.0.0.2
      shop/two | role: web             | admin | 8080 | 10.0.0.2
      shop/two | role: web             | http  | 8080 | 10.0.0.129
      shop/two | role: web             | http  | 8080 | 10.0.1.1
      shop/two | role: web             | http  | 8080 | 2001:db8::1
      bank/one | role: web             | http  | 8080 | 10.0.0.2
      """)
  void whatOnePolicyLooksAtTellsPodsApart(
      String name, String labels, String port, int number, String address) {
    assertApart(ONE, one(name, labels, port, number, address));
  }

  @Test
  void theHostNetworkTellsPodsApart() {
    assertApart(
        podWithSpec("shop/one", "a: b", "containers: []", "10.0.0.1"),
        podWithSpec("shop/two", "a: b", "hostNetwork: true, containers: []", "10.0.0.2"));
  }

  @Test
  void whereAPodRunsTellsPodsApartOnceANodeIsKnown() {
    String[] replicas = {
      podWithSpec("shop/one", "a: b", "nodeName: n1, containers: []", "10.0.0.1"),
      podWithSpec("shop/two", "a: b", "nodeName: n2, containers: []", "10.0.0.2")
    };

    assertAlike(replicas);
    assertApart(replicas[0], replicas[1], node("n1", "172.16.0.1"));
  }

  @Test
  void whereAPodRunsTellsPodsApartOnceAPodIsOnTheHostNetwork() {
    assertApart(
        podWithSpec("shop/one", "a: b", "nodeName: n1, containers: []", "10.0.0.1"),
        podWithSpec("shop/two", "a: b", "nodeName: n2, containers: []", "10.0.0.2"),
        podWithSpec(
            "shop/agent", "a: b", "nodeName: n1, hostNetwork: true, containers: []", "172.16.0.1"));
  }

  @Test
  void whereAPodRunsTellsPodsApartOnceAPodSaysTheAddressOfItsNode() {
    assertApart(onNodeAt("shop/one", "172.16.0.1"), onNodeAt("shop/two", "172.16.0.2"));
  }

  private static String onNodeAt(String name, String node) {
    String status = "hostIP: %s, podIPs: [{ip: 10.0.0.1}]".formatted(node);
    return podWithStatus(name, "a: b", "containers: []", status);
  }

  @Test
  void theAddressTellsPodsOnTheHostNetworkApart() {
    assertApart(
        podWithSpec("shop/one", "a: b", "hostNetwork: true, containers: []", "172.16.0.1"),
        podWithSpec("shop/two", "a: b", "hostNetwork: true, containers: []", "172.16.0.2"));
  }

  @Test
  void addressesAreToldApartByFamilyBlockAndHole() {
    var distinctions = Distinctions.of(TestCluster.of(POLICY).facts());
    List<Object> likenesses =
        List.of("10.0.0.1", "10.0.0.128", "10.0.1.0", "2001:db8::1").stream()
            .map(text -> distinctions.likenessOf(IpAddress.parse(text)))
            .toList();

    assertThat(likenesses).doesNotHaveDuplicates();
    assertThat(distinctions.likenessOf(IpAddress.parse("10.0.0.127"))).isEqualTo(likenesses.get(0));
    assertThat(distinctions.likenessOf(IpAddress.parse("192.0.2.1"))).isEqualTo(likenesses.get(2));
  }

  @Test
  void theBlocksOfPoliciesAreThoseThatTheyNameAndTheirHoles() {
    assertThat(Distinctions.of(TestCluster.of(POLICY).facts()).blocks())
        .containsExactly(Cidr.parse("10.0.0.0/24"), Cidr.parse("10.0.0.128/25"));
  }

  @Test
  void portsAreDividedWhereARangeOrANamedPortBeginsAndEnds() {
    var distinctions = Distinctions.of(TestCluster.of(POLICY, ONE).facts());

    assertThat(distinctions.firstPorts(Protocol.TCP)).containsExactly(1, 80, 91, 8080, 8081, 65535);
    assertThat(distinctions.firstPorts(Protocol.UDP)).containsExactly(1, 53, 54);
    assertThat(distinctions.firstPorts(Protocol.SCTP)).containsExactly(1);
  }
}
