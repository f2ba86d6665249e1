// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.podWithSpec;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Flow.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first question about a kind of pod or address is answered for all of its kind. So each
 * cluster here has two ends that one thing alone tells apart, and one engine is asked about both,
 * whichever comes first.
 */
class LikenessTest {
  private static final String ORDERS = pod("shop/orders", "role: orders", "10.0.0.3");
  private static final String CLUSTER_POLICY =
      """
      {apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy,
       metadata: {name: p}, spec: {tier: Admin, priority: 1, %s}}""";

  /** What only one policy looks at; two questions, which have different answers. */
  static Stream<Arguments> clusters() {
    return Stream.of(
        apart(
            "a hole in a block",
            "192.2.0.1 → shop/orders TCP 80 ALLOWED",
            "192.1.0.1 → shop/orders TCP 80 DENIED",
            ORDERS,
            ingress("{from: [{ipBlock: {cidr: 192.0.0.0/8, except: [192.1.0.0/16]}}]}")),
        apart(
            "a hole in an IPv6 block",
            "2001:db8:2::1 → shop/six TCP 80 ALLOWED",
            "2001:db8:1::1 → shop/six TCP 80 DENIED",
            pod("shop/six", "a: b", "2001:db8::3"),
            ingress(
                "{from: [{ipBlock: {cidr: \"2001:db8::/32\", except: [\"2001:db8:1::/48\"]}}]}")),
        apart(
            "a block",
            "192.1.255.255 → shop/orders TCP 80 ALLOWED",
            "192.2.0.0 → shop/orders TCP 80 DENIED",
            ORDERS,
            ingress("{from: [{ipBlock: {cidr: 192.1.0.0/16}}]}")),
        apart(
            "a block that pods are in",
            "shop/one → shop/orders TCP 80 ALLOWED",
            "shop/two → shop/orders TCP 80 DENIED",
            ORDERS,
            pod("shop/one", "a: b", "10.0.1.1"),
            pod("shop/two", "a: b", "10.0.2.1"),
            ingress("{from: [{ipBlock: {cidr: 10.0.1.0/24}}]}")),
        apart(
            "the networks of a cluster-wide rule",
            "shop/orders → 192.1.0.1 TCP 80 DENIED",
            "shop/orders → 192.2.0.1 TCP 80 ALLOWED",
            ORDERS,
            CLUSTER_POLICY.formatted(
                "subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks:"
                    + " [192.1.0.0/16]}]}]")),
        apart(
            "a label of a cluster-wide policy's subject",
            "shop/orders → shop/red TCP 80 DENIED",
            "shop/orders → shop/blue TCP 80 ALLOWED",
            ORDERS,
            pod("shop/red", "colour: red", "10.0.0.1"),
            pod("shop/blue", "colour: blue", "10.0.0.2"),
            CLUSTER_POLICY.formatted(
                "subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {colour:"
                    + " red}}}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]")),
        apart(
            "a label of a cluster-wide rule's peer",
            "shop/red → shop/orders TCP 80 DENIED",
            "shop/blue → shop/orders TCP 80 ALLOWED",
            ORDERS,
            pod("shop/red", "colour: red", "10.0.0.1"),
            pod("shop/blue", "colour: blue", "10.0.0.2"),
            CLUSTER_POLICY.formatted(
                "subject: {namespaces: {}}, ingress: [{action: Deny, from: [{pods:"
                    + " {namespaceSelector: {}, podSelector: {matchLabels: {colour: red}}}}]}]")),
        apart(
            "a label of a policy's subject",
            "192.0.2.1 → shop/red TCP 80 DENIED",
            "192.0.2.1 → shop/blue TCP 80 ALLOWED",
            pod("shop/red", "colour: red", "10.0.0.1"),
            pod("shop/blue", "colour: blue", "10.0.0.2"),
            policy("shop/p", "{podSelector: {matchLabels: {colour: red}}}")),
        apart(
            "a label of a rule's peer",
            "shop/red → shop/orders TCP 80 ALLOWED",
            "shop/blue → shop/orders TCP 80 DENIED",
            ORDERS,
            pod("shop/red", "colour: red", "10.0.0.1"),
            pod("shop/blue", "colour: blue", "10.0.0.2"),
            ingress("{from: [{podSelector: {matchLabels: {colour: red}}}]}")),
        apart(
            "the second of two expressions",
            "shop/red → shop/orders TCP 80 ALLOWED",
            "shop/blue → shop/orders TCP 80 DENIED",
            ORDERS,
            pod("shop/red", "size: big", "10.0.0.1"),
            pod("shop/blue", "size: big, colour: blue", "10.0.0.2"),
            ingress(
                "{from: [{podSelector: {matchExpressions: [{key: size, operator: Exists}, {key:"
                    + " colour, operator: DoesNotExist}]}}]}")),
        apart(
            "the labels of a namespace",
            "shop/one → shop/orders TCP 80 ALLOWED",
            "bank/one → shop/orders TCP 80 DENIED",
            ORDERS,
            pod("shop/one", "a: b", "10.0.0.1"),
            pod("bank/one", "a: b", "10.0.0.2"),
            ingress("{from: [{namespaceSelector: {matchLabels: {team: a}}}]}")),
        apart(
            "a named port of the accepting pod",
            "192.0.2.1 → shop/red TCP 8080 ALLOWED",
            "192.0.2.1 → shop/blue TCP 8080 DENIED",
            podWithSpec("shop/red", "a: b", http(8080, "TCP"), "10.0.0.1"),
            podWithSpec("shop/blue", "a: b", http(8081, "TCP"), "10.0.0.2"),
            ingress("{ports: [{port: http}]}")),
        apart(
            "the protocol of a named port of the target",
            "shop/orders → shop/red TCP 8080 ALLOWED",
            "shop/orders → shop/blue TCP 8080 DENIED",
            ORDERS,
            podWithSpec("shop/red", "a: b", http(8080, "TCP"), "10.0.0.1"),
            podWithSpec("shop/blue", "a: b", http(8080, "UDP"), "10.0.0.2"),
            policy("shop/p", "{policyTypes: [Egress], egress: [{ports: [{port: http}]}]}")),
        apart(
            "a named port of a cluster-wide rule",
            "shop/orders → shop/red TCP 8080 DENIED",
            "shop/orders → shop/blue TCP 8080 ALLOWED",
            ORDERS,
            podWithSpec("shop/red", "a: b", http(8080, "TCP"), "10.0.0.1"),
            podWithSpec("shop/blue", "a: b", http(8081, "TCP"), "10.0.0.2"),
            CLUSTER_POLICY.formatted(
                "subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}],"
                    + " protocols: [{destinationNamedPort: http}]}]")),
        apart(
            "the border of a range of ports",
            "192.0.2.1 → shop/orders TCP 90 ALLOWED",
            "192.0.2.1 → shop/orders TCP 91 DENIED",
            ORDERS,
            ingress("{ports: [{port: 80, endPort: 90}]}")),
        apart(
            "a protocol",
            "192.0.2.1 → shop/orders UDP 80 ALLOWED",
            "192.0.2.1 → shop/orders TCP 80 DENIED",
            ORDERS,
            ingress("{ports: [{port: 80, protocol: UDP}]}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clusters")
  void oneEngineTellsThemApartInEitherOrder(String what, List<String> flows, List<String> cluster) {
    var backwards = new ArrayList<>(flows);
    Collections.reverse(backwards);

    assertThat(answers(flows, cluster)).as(what).isEqualTo(flows);
    assertThat(answers(backwards, cluster)).as(what + ", backwards").isEqualTo(backwards);
  }

  /** The questions with what one engine answers. */
  private static List<String> answers(List<String> flows, List<String> documents) {
    TestCluster cluster = TestCluster.of(documents.toArray(String[]::new));
    return flows.stream()
        .map(
            flow -> {
              String[] words = flow.split(" ", -1);
              String asked = flow.substring(0, flow.lastIndexOf(' '));
              return asked
                  + " "
                  + cluster.verdict(words[0], words[2], words[3] + " " + words[4], Side.BOTH);
            })
        .toList();
  }

  private static Arguments apart(String what, String flow, String other, String... documents) {
    var all = new ArrayList<>(List.of(namespace("shop", "team: a"), namespace("bank", "team: b")));
    all.addAll(List.of(documents));
    return Arguments.of(what, List.of(flow, other), all);
  }

  private static String ingress(String rule) {
    return policy("shop/p", "{ingress: [" + rule + "]}");
  }

  private static String http(int number, String protocol) {
    return "containers: [{ports: [{name: http, containerPort: %d, protocol: %s}]}]"
        .formatted(number, protocol);
  }
}
