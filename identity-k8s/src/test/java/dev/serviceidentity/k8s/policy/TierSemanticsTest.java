// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.node;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.podWithSpec;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The semantics of cluster-wide policies, statement by statement. A row gives policies, separated
 * by {@code ;;}: {@code A5} and {@code B5} are ClusterNetworkPolicies of a tier with a priority,
 * {@code N5} is an AdminNetworkPolicy, {@code D} the BaselineAdminNetworkPolicy, each with its
 * ingress rules about all pods; {@code np} is a NetworkPolicy of namespace shop. The flow is from a
 * peer to {@code shop/orders}.
 */
class TierSemanticsTest {
  private static final List<String> CLUSTER =
      List.of(
          namespace("shop", "team: a"),
          namespace("bank", "team: b"),
          node("n1", "172.16.0.1"),
          node("n2", "172.16.0.2"),
          pod("shop/web", "role: frontend", "10.0.0.1"),
          podWithSpec(
              "shop/orders",
              "role: orders",
              "nodeName: n1, containers: [{ports: [{name: http, containerPort: 80}, {name: dns,"
                  + " containerPort: 53, protocol: UDP}]}]",
              "10.0.0.3"),
          podWithSpec("shop/agent", "role: agent", "hostNetwork: true, nodeName: n2", "172.16.0.2"),
          pod("bank/web", "role: frontend", "10.0.1.1"),
          pod("ghost/web", "role: frontend", "10.0.2.1"));

  @DisplayName("19. Admin by priority and from the top, then NetworkPolicies, then Baseline")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      A5 Deny all                                          | shop/web | 80 | DENIED
      A5 Accept all ;; np {}                               | shop/web | 80 | ALLOWED
      A5 Pass all ;; np {}                                 | shop/web | 80 | DENIED
      A5 Pass all                                          | shop/web | 80 | ALLOWED
      A5 Deny all ;; A4 Accept all                         | shop/web | 80 | ALLOWED
      A5 Deny all ;; A4 Pass all                           | shop/web | 80 | ALLOWED
      A5 Accept team-b, Deny all                           | shop/web | 80 | DENIED
      A5 Accept team-b, Deny all                           | bank/web | 80 | ALLOWED
      A5 Deny all, Accept team-b                           | bank/web | 80 | DENIED
      A5 Pass team-b ;; A6 Deny all                        | bank/web | 80 | ALLOWED
      A5 Pass team-b ;; A6 Deny all                        | shop/web | 80 | DENIED
      A5 Deny team-b                                       | shop/web | 80 | ALLOWED
      A5 Deny all ;; np {ingress: [{}]}                    | shop/web | 80 | DENIED
      B5 Deny all                                          | shop/web | 80 | DENIED
      B5 Pass all ;; B6 Deny all                           | shop/web | 80 | ALLOWED
      B5 Accept team-b ;; B6 Deny all                      | bank/web | 80 | ALLOWED
      A5 Pass all ;; B6 Deny all                           | bank/web | 80 | DENIED
      A5 Accept all ;; B1 Deny all                         | bank/web | 80 | ALLOWED
      N5 Deny all                                          | bank/web | 80 | DENIED
      N5 Allow all ;; np {}                                | bank/web | 80 | ALLOWED
      N5 Allow all ;; A6 Deny all                          | bank/web | 80 | ALLOWED
      N5 Allow all ;; A4 Deny all                          | bank/web | 80 | DENIED
      D Deny all                                           | bank/web | 80 | DENIED
      D Allow all                                          | bank/web | 80 | ALLOWED
      D Deny all ;; np {ingress: [{}]}                     | bank/web | 80 | ALLOWED
      """)
  void statement19(String policies, String peer, int port, Verdict expected) {
    assertThat(cluster(policies).ingress(peer, "shop/orders", port)).isEqualTo(expected);
  }

  @DisplayName("20. Where a NetworkPolicy isolates in that direction, Baseline is not asked")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      B5 Accept all ;; np {}                               | shop/web | 80 | DENIED
      B5 Deny all ;; np {ingress: [{}]}                    | shop/web | 80 | ALLOWED
      B5 Deny all ;; np {policyTypes: [Egress]}            | shop/web | 80 | DENIED
      A5 Pass all ;; B5 Accept all ;; np {}                | shop/web | 80 | DENIED
      """)
  void statement20(String policies, String peer, int port, Verdict expected) {
    assertThat(cluster(policies).ingress(peer, "shop/orders", port)).isEqualTo(expected);
  }

  @DisplayName(
      "21. Of equals the lower name wins, with a warning; two kinds of baseline must agree")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      A5 Deny all ;; A5 Accept all                         | shop/web | 80 | DENIED
      A5 Accept all ;; A5 Deny all                         | shop/web | 80 | ALLOWED
      A5 Accept all ;; N5 Deny all                         | shop/web | 80 | ALLOWED
      D Deny all ;; B5 Accept all                          | shop/web | 80 | UNDECIDABLE
      D Deny all ;; B5 Pass all                            | shop/web | 80 | UNDECIDABLE
      D Deny all ;; B5 Deny all                            | shop/web | 80 | DENIED
      D Deny team-b ;; B5 Deny all                         | shop/web | 80 | DENIED
      D Deny all ;; B5 Accept team-b                       | shop/web | 80 | DENIED
      """)
  void statement21(String policies, String peer, int port, Verdict expected) {
    assertThat(cluster(policies).ingress(peer, "shop/orders", port)).isEqualTo(expected);
  }

  @Test
  void aTieIsWarnedOfInTheExplanationAndAtLoad() {
    TestCluster cluster = cluster("A5 Deny all ;; A5 Accept all");

    assertThat(cluster.why("shop/web", "shop/orders", 80))
        .contains(
            "Deny by ClusterNetworkPolicy/p0 ingress[0].from[0] (warning: of the same priority, and"
                + " the network may take it instead: Accept by ClusterNetworkPolicy/p1");
    assertThat(cluster.report().of(Severity.WARNING))
        .extracting(LoadReport.Finding::field, LoadReport.Finding::message)
        .contains(
            tuple(
                "spec.priority",
                "is that of ClusterNetworkPolicy/p0 too; where both have a rule for a flow, either"
                    + " may win"));
  }

  /** Not a tie of two, of which the lower name is taken, but two orders that are both possible. */
  @Test
  void theTwoKindsOfBaselineAreNoTieOfPriorities() {
    TestCluster cluster = cluster("D Deny all ;; B0 Accept all");

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(cluster.why("shop/web", "shop/orders", 80)).doesNotContain("of the same priority");
    assertThat(cluster.report().of(Severity.WARNING))
        .extracting(LoadReport.Finding::field)
        .doesNotContain("spec.priority");
  }

  @DisplayName(
      "22. A peer of a kind to come: Accept matches nothing, Deny and Pass deny everything")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      A5 Accept new                                        | shop/web | 80 | ALLOWED
      A5 Accept new+all ;; np {}                           | shop/web | 80 | DENIED
      A5 Accept new+all ;; A6 Deny all                     | shop/web | 80 | DENIED
      A5 Deny new                                          | shop/web | 80 | DENIED
      A5 Pass new ;; np {ingress: [{}]}                    | shop/web | 80 | DENIED
      A5 Pass new+all ;; A6 Accept all                     | shop/web | 80 | DENIED
      A5 Pass new udp-53                                   | shop/web | 80 | DENIED
      A5 Accept all, Deny new                              | shop/web | 80 | ALLOWED
      B5 Pass new                                          | 192.0.2.1 | 80 | DENIED
      N5 Allow new ;; np {}                                | shop/web | 80 | DENIED
      N5 Deny new                                          | 192.0.2.1 | 80 | DENIED
      D Deny new                                           | shop/web | 80 | DENIED
      """)
  void statement22(String policies, String peer, int port, Verdict expected) {
    TestCluster cluster = cluster(policies);

    assertThat(cluster.ingress(peer, "shop/orders", port)).isEqualTo(expected);
    assertThat(cluster.report().of(Severity.ERROR)).hasSizeGreaterThanOrEqualTo(1);
  }

  @DisplayName("23. Host-network pods are no subject and no peer; the own node may not be denied")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      A5 Deny all            | shop/agent  | shop/orders | ALLOWED
      A5 Deny all            | shop/web    | shop/agent  | ALLOWED
      A5 Deny all            | shop/orders | shop/orders | ALLOWED
      A5 Deny all            | 192.0.2.1   | shop/orders | ALLOWED
      A5 Deny all            | 172.16.0.1  | shop/orders | ALLOWED
      A5 Deny new            | 172.16.0.1  | shop/orders | UNDECIDABLE
      A5 Deny new            | 172.16.0.2  | shop/orders | DENIED
      B5 Deny new            | 172.16.0.1  | shop/orders | ALLOWED
      A5 Deny team-b         | ghost/web   | shop/orders | UNDECIDABLE
      A5 Deny all            | ghost/web   | shop/orders | DENIED
      A5 Deny all            | shop/web    | ghost/web   | DENIED
      """)
  void statement23(String policies, String from, String to, Verdict expected) {
    assertThat(cluster(policies).ingress(from, to, 80)).isEqualTo(expected);
  }

  @DisplayName("23. Networks match pods, nodes and the world alike")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      10.0.1.0/24    | bank/web   | DENIED
      10.0.1.9/24    | bank/web   | DENIED
      10.0.0.0/24    | bank/web   | ALLOWED
      192.0.2.0/24   | 192.0.2.7  | DENIED
      172.16.0.2/32  | 172.16.0.2 | DENIED
      172.16.0.2/32  | shop/agent | DENIED
      172.16.0.1/32  | 172.16.0.1 | UNDECIDABLE
      10.0.0.3/32    | shop/orders | ALLOWED
      ::/0           | bank/web   | ALLOWED
      0.0.0.0/0      | bank/web   | DENIED
      """)
  void networks(String cidr, String to, Verdict expected) {
    TestCluster cluster =
        TestCluster.of(
            join(
                clusterPolicy(
                    "p",
                    "tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny,"
                        + " to: [{networks: [\"203.0.113.0/24\", \""
                        + cidr
                        + "\"]}]}]")));

    assertThat(cluster.egress("shop/orders", to, 80)).isEqualTo(expected);
  }

  @DisplayName("A subject is namespaces, or pods of namespaces, and never of unknown labels")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {namespaces: {matchLabels: {team: a}}}                                  | shop/orders | DENIED
      {namespaces: {matchLabels: {team: b}}}                                  | shop/orders | ALLOWED
      {namespaces: {matchLabels: {team: a}}}                                  | ghost/web | UNDECIDABLE
      {namespaces: {matchExpressions: [{key: team, operator: DoesNotExist}]}} | ghost/web | UNDECIDABLE
      {pods: {namespaceSelector: {}, podSelector: {matchLabels: {role: orders}}}} | shop/orders | DENIED
      {pods: {namespaceSelector: {}, podSelector: {matchLabels: {role: orders}}}} | ghost/web | ALLOWED
      {pods: {namespaceSelector: {matchLabels: {team: b}}, podSelector: {}}}  | shop/orders | ALLOWED
      """)
  void subject(String subject, String to, Verdict expected) {
    TestCluster cluster =
        TestCluster.of(
            join(
                clusterPolicy(
                    "p",
                    "tier: Admin, priority: 1, subject: "
                        + subject
                        + ", ingress: [{action: Deny, from: [{namespaces: {}}]}]")));

    assertThat(cluster.ingress("shop/web", to, 80)).isEqualTo(expected);
  }

  @DisplayName("Ports by number, by range, and by a name that has the protocol of its container")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      A5 Deny all tcp-80        | 80     | DENIED
      A5 Deny all tcp-80        | 81     | ALLOWED
      A5 Deny all tcp-80        | UDP 80 | ALLOWED
      A5 Deny all tcp-80-90     | 90     | DENIED
      A5 Deny all tcp-80-90     | 91     | ALLOWED
      A5 Deny all udp-53        | UDP 53 | DENIED
      A5 Deny all name-http     | 80     | DENIED
      A5 Deny all name-http     | UDP 80 | ALLOWED
      A5 Deny all name-dns      | UDP 53 | DENIED
      A5 Deny all name-dns      | 53     | ALLOWED
      A5 Deny all tcp-90-80     | 7      | DENIED
      A5 Accept all tcp-90-80, Deny all | 85 | DENIED
      A5 Deny all tcp           | 7      | DENIED
      N5 Deny all tcp-80        | 80     | DENIED
      N5 Deny all tcp-80        | UDP 80 | ALLOWED
      N5 Deny all tcp-80-90     | 90     | DENIED
      N5 Deny all name-dns      | UDP 53 | DENIED
      N5 Deny all tcp-0         | 7      | DENIED
      """)
  void ports(String policies, String port, Verdict expected) {
    assertThat(cluster(policies).verdict("shop/web", "shop/orders", port, Side.INGRESS))
        .isEqualTo(expected);
  }

  @DisplayName(
      "What is not even understood as a policy leaves every flow undecidable, and is named")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      tier: Admin, priority: 1001, subject: {namespaces: {}}  | spec.priority
      tier: Admin, priority: -1, subject: {namespaces: {}}    | spec.priority
      tier: Admin, subject: {namespaces: {}}                  | spec.priority
      tier: admin, priority: 1, subject: {namespaces: {}}     | spec.tier
      priority: 1, subject: {namespaces: {}}                  | spec.tier
      tier: Admin, priority: 1                                | spec.subject
      tier: Admin, priority: 1, subject: {}                   | spec.subject
      tier: Admin, priority: 1, subject: {namespaces: {}, pods: {}} | spec.subject
      tier: Admin, priority: 1, subject: {pods: {podSelector: {}}}  | spec.subject.pods.namespaceSelector
      tier: Admin, priority: 1, subject: {namespaces: {matchExpressions: [{key: a, operator: In}]}} | spec.subject.namespaces.matchExpressions[0]
      tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: {} | spec.ingress
      tier: Admin, priority: 1, subject: {namespaces: {}}, ingres: []  | spec.ingres
      """)
  void unreadable(String spec, String field) {
    TestCluster cluster = TestCluster.of(join(clusterPolicy("p", spec)));

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(cluster.report().of(Severity.ERROR))
        .extracting(LoadReport.Finding::field)
        .contains(field);
  }

  @DisplayName("A malformed rule denies unless it accepts, and is named by its field")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {action: Deny, from: []}                                   | spec.ingress[0].from
      {action: Deny}                                             | spec.ingress[0].from
      {action: Deny, from: [{}]}                                 | spec.ingress[0].from[0]
      {action: Block, from: [{namespaces: {}}]}                  | spec.ingress[0].action
      {action: Allow, from: [{namespaces: {}}]}                  | spec.ingress[0].action
      {from: [{namespaces: {}}]}                                 | spec.ingress[0].action
      {action: Pass, from: [{networks: ["10.0.0.0/8"]}]}         | spec.ingress[0].from[0].networks
      {action: Pass, from: [{pods: {podSelector: {}}}]}          | spec.ingress[0].from[0].pods.namespaceSelector
      {action: Deny, from: [{namespaces: {matchLabels: 7}}]}     | spec.ingress[0].from[0].namespaces.matchLabels
      {action: Pass, from: [{namespaces: {}}], protocols: []}    | spec.ingress[0].protocols
      {action: Pass, from: [{namespaces: {}}], protocols: [{}]}  | spec.ingress[0].protocols[0]
      {action: Pass, from: [{namespaces: {}}], ports: []}        | spec.ingress[0].ports
      """)
  void malformedRule(String rule, String field) {
    TestCluster cluster =
        TestCluster.of(
            join(
                clusterPolicy(
                    "p",
                    "tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: ["
                        + rule
                        + "]")));

    assertThat(cluster.ingress("192.0.2.1", "shop/orders", 80)).isEqualTo(Verdict.DENIED);
    assertThat(cluster.report().of(Severity.ERROR))
        .extracting(LoadReport.Finding::field)
        .contains(field);
  }

  @Test
  void theExplanationShowsTheChainOfTiers() {
    assertThat(cluster("A5 Accept team-b, Pass all ;; np {}").why("shop/web", "shop/orders", 80))
        .contains(
            "Admin: Pass by ClusterNetworkPolicy/p0 ingress[1].from[0] → NetworkPolicy: `p1`"
                + " isolates shop/orders and admits nothing")
        .contains("ClusterNetworkPolicy/p0 ingress[1].from[0]: passes — Admin tier, priority 5;");
    assertThat(cluster("A5 Accept team-b ;; B6 Deny all").why("shop/web", "shop/orders", 80))
        .contains(
            "Admin: no rule matches → NetworkPolicy: none isolates shop/orders →"
                + " Baseline: Deny by ClusterNetworkPolicy/p1 ingress[0].from[0]")
        .contains("ClusterNetworkPolicy/p1 ingress[0].from[0]: denies — Baseline tier, priority 6;")
        .contains("1 policy does not apply: ClusterNetworkPolicy/p0");
  }

  @Test
  void theExplanationSaysWhatIsNotKnownAboutATier() {
    assertThat(cluster("A5 Deny team-b").why("ghost/web", "shop/orders", 80))
        .contains("Admin: perhaps Deny by ClusterNetworkPolicy/p0 ingress[0]")
        .contains("in namespace `ghost`, of which the label `team` is not known");
  }

  @Test
  void theExplanationSaysThatARuleIsNotUnderstood() {
    assertThat(cluster("A5 Pass new").why("shop/web", "shop/orders", 80))
        .contains("it denies everything because it is not understood");
  }

  @Test
  void twoPoliciesUnderOneNameAreNotBelieved() {
    TestCluster cluster =
        TestCluster.of(
            join(
                clusterPolicy("p", "tier: Admin, priority: 1, subject: {namespaces: {}}"),
                clusterPolicy("p", "tier: Admin, priority: 2, subject: {namespaces: {}}")));

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void aBaselineOfAnotherNameIsNoneThatAClusterTakes() {
    TestCluster cluster =
        TestCluster.of(
            join(
                "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy,"
                    + " metadata: {name: mine}, spec: {subject: {namespaces: {}}}}"));

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void aVersionToComeLeavesEveryFlowUndecidable() {
    TestCluster cluster =
        TestCluster.of(
            join(
                "{apiVersion: policy.networking.k8s.io/v1beta9, kind: ClusterNetworkPolicy,"
                    + " metadata: {name: p}, spec: {}}"));

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.UNDECIDABLE);
  }

  private static String[] join(String... more) {
    var documents = new ArrayList<>(CLUSTER);
    documents.addAll(List.of(more));
    return documents.toArray(String[]::new);
  }

  private static String clusterPolicy(String name, String spec) {
    return """
        {apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy,
         metadata: {name: %s}, spec: {%s}}"""
        .formatted(name, spec);
  }

  private static TestCluster cluster(String policies) {
    var documents = new ArrayList<String>();
    for (String text : policies.split(" *;; *", -1)) {
      documents.add(TierText.document("p" + documents.size(), text));
    }
    return TestCluster.of(join(documents.toArray(String[]::new)));
  }

  /** Spells the short form of the tables out. */
  private static final class TierText {
    private static String document(String name, String text) {
      String[] words = text.split(" ", 2);
      String number = words[0].substring(1);
      return switch (words[0].charAt(0)) {
        case 'n' -> policy("shop/" + name, words[1]);
        case 'A' -> newer(name, "tier: Admin, priority: " + number, words[1]);
        case 'B' -> newer(name, "tier: Baseline, priority: " + number, words[1]);
        case 'N' -> older("AdminNetworkPolicy", name, "priority: " + number + ", ", words[1]);
        default -> older("BaselineAdminNetworkPolicy", "default", "", words[1]);
      };
    }

    private static String newer(String name, String rank, String rules) {
      return clusterPolicy(
          name, rank + ", subject: {namespaces: {}}, ingress: [" + rules(rules, true) + "]");
    }

    private static String older(String kind, String name, String rank, String rules) {
      return """
          {apiVersion: policy.networking.k8s.io/v1alpha1, kind: %s, metadata: {name: %s},
           spec: {%ssubject: {namespaces: {}}, ingress: [%s]}}"""
          .formatted(kind, name, rank, rules(rules, false));
    }

    private static String rules(String text, boolean newer) {
      var rules = new ArrayList<String>();
      for (String rule : text.split(", ", -1)) {
        String[] words = rule.split(" ", -1);
        var peers = new ArrayList<String>();
        for (String peer : words[1].split("\\+", -1)) {
          peers.add(
              switch (peer) {
                case "all" -> "{namespaces: {}}";
                case "new" -> "{moons: {}}";
                default -> "{namespaces: {matchLabels: {team: " + peer.substring(5) + "}}}";
              });
        }
        String ports = words.length < 3 ? "" : ", " + ports(words[2].split("-", -1), newer);
        rules.add("{action: %s, from: %s%s}".formatted(words[0], peers, ports));
      }
      return String.join(", ", rules);
    }

    private static String ports(String[] parts, boolean newer) {
      if (parts[0].equals("name")) {
        return newer
            ? "protocols: [{destinationNamedPort: " + parts[1] + "}]"
            : "ports: [{namedPort: " + parts[1] + "}]";
      }
      if (newer) {
        String port =
            switch (parts.length) {
              case 1 -> "";
              case 2 -> "destinationPort: {number: " + parts[1] + "}";
              default ->
                  "destinationPort: {range: {start: %s, end: %s}}".formatted(parts[1], parts[2]);
            };
        return "protocols: [{%s: {%s}}]".formatted(parts[0], port);
      }
      return parts.length == 2
          ? "ports: [{portNumber: {port: " + parts[1] + "}}]"
          : "ports: [{portRange: {protocol: TCP, start: %s, end: %s}}]"
              .formatted(parts[1], parts[2]);
    }
  }
}
