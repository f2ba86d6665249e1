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
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The semantics of NetworkPolicy v1, statement by statement. A row gives the specs of policies in
 * namespace {@code shop} (two are separated by {@code ;;}, another namespace goes before {@code
 * ::}) and a flow between {@code shop/orders}, which is asked, and a peer.
 */
class NetworkPolicySemanticsTest {
  private static final List<String> CLUSTER =
      List.of(
          namespace("shop", "team: a, empty: \"\""),
          namespace("bank", "team: b"),
          pod("shop/web", "role: frontend", "10.0.0.1"),
          pod("shop/batch", "role: batch, note: \"\"", "10.0.0.2"),
          podWithSpec(
              "shop/orders",
              "role: orders",
              "containers: [{ports: [{name: http, containerPort: 8080}, {name: dns, containerPort:"
                  + " 53, protocol: UDP}, {containerPort: 9000}]}, {ports: [{name: http,"
                  + " containerPort: 8081}]}], initContainers: [{restartPolicy: Always, ports:"
                  + " [{name: mesh, containerPort: 15006}]}, {ports: [{name: once, containerPort:"
                  + " 7000}]}]",
              "10.0.0.3",
              "2001:db8::3"),
          podWithSpec(
              "bank/web",
              "role: frontend",
              "containers: [{ports: [{name: http, containerPort: 80}]}]",
              "10.0.1.1"),
          pod("ghost/web", "role: frontend", "10.0.2.1"),
          pod("shop/six", "role: frontend", "2001:db8::6"));

  @DisplayName("1. policyTypes left out: ingress always, egress only with an egress rule")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {podSelector: {}}                                  | ingress | shop/web | 8080 | DENIED
      {podSelector: {}}                                  | egress  | shop/web | 8080 | ALLOWED
      {podSelector: {}, policyTypes: null}               | ingress | shop/web | 8080 | DENIED
      {podSelector: {}, policyTypes: []}                 | ingress | shop/web | 8080 | DENIED
      {podSelector: {}, egress: []}                      | egress  | shop/web | 8080 | ALLOWED
      {podSelector: {}, egress: null}                    | egress  | shop/web | 8080 | ALLOWED
      {podSelector: {}, egress: [{to: [{podSelector: {}}]}]} | egress | bank/web | 80 | DENIED
      {podSelector: {}, egress: [{}]}                    | ingress | shop/web | 8080 | DENIED
      {podSelector: {}, policyTypes: [Egress]}           | ingress | shop/web | 8080 | ALLOWED
      {podSelector: {}, policyTypes: [Egress]}           | egress  | shop/web | 8080 | DENIED
      {podSelector: {}, policyTypes: [Egress], ingress: [{}]} | ingress | shop/web | 8080 | ALLOWED
      {podSelector: {}, policyTypes: [Ingress], egress: [{}]} | egress | shop/web | 8080 | ALLOWED
      """)
  void statement1(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName(
      "2. A pod is isolated in a direction iff a policy of its namespace selects it for it")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {podSelector: {matchLabels: {role: batch}}}         | ingress | shop/web | 8080 | ALLOWED
      {podSelector: {matchLabels: {role: orders}}}        | ingress | shop/web | 8080 | DENIED
      bank::{podSelector: {}}                             | ingress | shop/web | 8080 | ALLOWED
      bank::{podSelector: {}}                             | ingress | bank/web | 8080 | ALLOWED
      {podSelector: {}, policyTypes: [Egress]}            | ingress | bank/web | 8080 | ALLOWED
      """)
  void statement2(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("3. No rules isolate and admit nothing, the rule {} admits everything")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {podSelector: {}, ingress: []}                      | ingress | shop/web   | 8080   | DENIED
      {podSelector: {}, ingress: null}                    | ingress | shop/web   | 8080   | DENIED
      {podSelector: {}, ingress: [{}]}                    | ingress | shop/web   | 8080   | ALLOWED
      {podSelector: {}, ingress: [{}]}                    | ingress | 192.0.2.1  | SCTP 1 | ALLOWED
      {podSelector: {}, policyTypes: [Egress], egress: []}   | egress | shop/web | 8080   | DENIED
      {podSelector: {}, policyTypes: [Egress], egress: [{}]} | egress | 192.0.2.1 | UDP 1 | ALLOWED
      """)
  void statement3(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("4. No peers: everybody; no ports: every port; else one of each")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{from: []}]}                             | ingress | 192.0.2.1 | UDP 7 | ALLOWED
      {ingress: [{from: null, ports: [{port: 8080}]}]}    | ingress | 192.0.2.1 | 8080  | ALLOWED
      {ingress: [{ports: [{port: 8080}]}]}                | ingress | ghost/web | 8080  | ALLOWED
      {ingress: [{ports: [{port: 8080}]}]}                | ingress | ghost/web | 8081  | DENIED
      {ingress: [{from: [{podSelector: {}}], ports: []}]} | ingress | shop/web  | SCTP 5 | ALLOWED
      {ingress: [{from: [{podSelector: {}}], ports: [{port: 1}]}, {ports: [{port: 2}]}]} | ingress | bank/web | 1 | DENIED
      {ingress: [{from: [{podSelector: {}}], ports: [{port: 1}]}, {ports: [{port: 2}]}]} | ingress | bank/web | 2 | ALLOWED
      {ingress: [{from: [{podSelector: {}}], ports: [{port: 1}]}, {ports: [{port: 2}]}]} | ingress | shop/web | 1 | ALLOWED
      {ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}], ports: [{port: 1}, {port: 2}]}]} | ingress | bank/web | 2 | ALLOWED
      """)
  void statement4(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("5. An empty or missing podSelector selects all pods of the policy's namespace")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {}                                                  | ingress | bank/web | 8080 | DENIED
      {podSelector: null}                                 | ingress | bank/web | 8080 | DENIED
      {podSelector: {}}                                   | ingress | bank/web | 8080 | DENIED
      bank::{}                                            | ingress | bank/web | 8080 | ALLOWED
      """)
  void statement5(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("6. Peers: own namespace, whole namespaces, or both; nothing or too much is nobody")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]} | ingress | shop/web  | 8080 | ALLOWED
      {ingress: [{from: [{podSelector: {matchLabels: {role: frontend}}}]}]} | ingress | bank/web  | 8080 | DENIED
      {ingress: [{from: [{podSelector: {}}]}]}                              | ingress | shop/batch | 8080 | ALLOWED
      {ingress: [{from: [{podSelector: {}}]}]}                              | ingress | bank/web  | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]}  | ingress | bank/web  | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]}  | ingress | shop/web  | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {}}]}]}                        | ingress | ghost/web | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {}}]}]}                        | ingress | 192.0.2.1 | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: batch}}}]}]} | ingress | shop/batch | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: batch}}}]}]} | ingress | bank/web | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {}}, {podSelector: {matchLabels: {role: batch}}}]}]} | ingress | bank/web | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {}}]}]} | ingress | bank/web | 8080 | ALLOWED
      {ingress: [{from: [{}]}]}                                             | ingress | shop/web  | 8080 | DENIED
      {ingress: [{from: [{podSelector: null}]}]}                            | ingress | shop/web  | 8080 | DENIED
      {ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 0.0.0.0/0}}]}]}  | ingress | shop/web  | 8080 | DENIED
      {ingress: [{from: [{}, {podSelector: {}}]}]}                          | ingress | shop/web  | 8080 | ALLOWED
      """)
  void statement6(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("7. Label selectors: all must hold; a missing key meets NotIn and DoesNotExist")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      role, In, [frontend]             | ingress | shop/web   | 8080 | ALLOWED
      role, In, [batch, frontend]      | ingress | shop/web   | 8080 | ALLOWED
      role, In, [batch]                | ingress | shop/web   | 8080 | DENIED
      missing, In, [a]                 | ingress | shop/web   | 8080 | DENIED
      role, NotIn, [frontend]          | ingress | shop/web   | 8080 | DENIED
      role, NotIn, [batch]             | ingress | shop/web   | 8080 | ALLOWED
      missing, NotIn, [a]              | ingress | shop/web   | 8080 | ALLOWED
      role, Exists, []                 | ingress | shop/web   | 8080 | ALLOWED
      missing, Exists, []              | ingress | shop/web   | 8080 | DENIED
      role, DoesNotExist, []           | ingress | shop/web   | 8080 | DENIED
      missing, DoesNotExist, []        | ingress | shop/web   | 8080 | ALLOWED
      role, In, []                     | ingress | shop/web   | 8080 | DENIED
      missing, NotIn, []               | ingress | shop/web   | 8080 | DENIED
      role, Exists, [frontend]         | ingress | shop/web   | 8080 | DENIED
      missing, DoesNotExist, [a]       | ingress | shop/web   | 8080 | DENIED
      role, in, [frontend]             | ingress | shop/web   | 8080 | DENIED
      """)
  void statement7(String expression, String side, String peer, String port, Verdict expected) {
    String[] parts = expression.split(", ", 3);
    String spec =
        "{ingress: [{from: [{podSelector: {matchExpressions: [{key: %s, operator: %s, values: %s}]}}]}]}"
            .formatted(parts[0], parts[1], parts[2]);

    assertThat(verdict(spec, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("7. An empty value needs the key; matchLabels and matchExpressions both hold")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{from: [{podSelector: {matchLabels: {note: ""}}}]}]}          | ingress | shop/web   | 8080 | DENIED
      {ingress: [{from: [{podSelector: {matchLabels: {note: ""}}}]}]}          | ingress | shop/batch | 8080 | ALLOWED
      {ingress: [{from: [{podSelector: {matchLabels: {role: batch}, matchExpressions: [{key: note, operator: Exists}]}}]}]} | ingress | shop/batch | 8080 | ALLOWED
      {ingress: [{from: [{podSelector: {matchLabels: {role: batch}, matchExpressions: [{key: x, operator: Exists}]}}]}]}    | ingress | shop/batch | 8080 | DENIED
      {podSelector: {matchExpressions: [{key: role, operator: NotIn, values: [orders]}]}} | ingress | shop/web | 8080 | ALLOWED
      """)
  void statement7Labels(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName(
      "8. metadata.name is on every namespace; of an undeclared one no other label is known")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: bank}}}]}]} | ingress | bank/web  | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: bank}}}]}]} | ingress | shop/web  | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ghost}}}]}]} | ingress | ghost/web | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: bank}}}]}]} | ingress | ghost/web | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [bank]}]}}]}]} | ingress | ghost/web | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: DoesNotExist}]}}]}]} | ingress | ghost/web | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: bank, team: a}}}]}]} | ingress | ghost/web | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ghost, team: a}}}]}]} | ingress | ghost/web | 8080 | UNDECIDABLE
      {ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}                           | ingress | ghost/web | 8080 | UNDECIDABLE
      {ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: x, operator: DoesNotExist}]}}]}]} | ingress | ghost/web | 8080 | UNDECIDABLE
      {ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: x, operator: DoesNotExist}]}}]}]} | ingress | bank/web | 8080 | ALLOWED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {role: x}}}]}]} | ingress | ghost/web | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 1}]}]}       | ingress | ghost/web | 8080 | DENIED
      {ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}, {ipBlock: {cidr: 10.0.2.1/32}}]}]} | ingress | ghost/web | 8080 | ALLOWED
      """)
  void statement8(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("9. Ports: TCP by default, all of a protocol without number, names are the target's")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{ports: [{port: 53}]}]}                       | ingress | shop/web | 53       | ALLOWED
      {ingress: [{ports: [{port: 53}]}]}                       | ingress | shop/web | UDP 53   | DENIED
      {ingress: [{ports: [{protocol: UDP}]}]}                  | ingress | shop/web | UDP 9    | ALLOWED
      {ingress: [{ports: [{protocol: UDP}]}]}                  | ingress | shop/web | 9        | DENIED
      {ingress: [{ports: [{}]}]}                               | ingress | shop/web | 9        | ALLOWED
      {ingress: [{ports: [{}]}]}                               | ingress | shop/web | UDP 9    | DENIED
      {ingress: [{ports: [{port: http}]}]}                     | ingress | shop/web | 8080     | ALLOWED
      {ingress: [{ports: [{port: http}]}]}                     | ingress | shop/web | 8081     | ALLOWED
      {ingress: [{ports: [{port: http}]}]}                     | ingress | shop/web | 80       | DENIED
      {ingress: [{ports: [{port: dns}]}]}                      | ingress | shop/web | 53       | DENIED
      {ingress: [{ports: [{port: dns, protocol: UDP}]}]}       | ingress | shop/web | UDP 53   | ALLOWED
      {ingress: [{ports: [{port: mesh}]}]}                     | ingress | shop/web | 15006    | ALLOWED
      {ingress: [{ports: [{port: once}]}]}                     | ingress | shop/web | 7000     | DENIED
      {ingress: [{ports: [{port: nosuch}]}]}                   | ingress | shop/web | 9000     | DENIED
      {policyTypes: [Egress], egress: [{ports: [{port: http}]}]} | egress | bank/web | 80      | ALLOWED
      {policyTypes: [Egress], egress: [{ports: [{port: http}]}]} | egress | bank/web | 8080    | DENIED
      {policyTypes: [Egress], egress: [{ports: [{port: http}]}]} | egress | 192.0.2.1 | 80     | DENIED
      """)
  void statement9(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("10. endPort is included, and needs a number not above it")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{ports: [{port: 80, endPort: 90}]}]}          | ingress | shop/web | 79       | DENIED
      {ingress: [{ports: [{port: 80, endPort: 90}]}]}          | ingress | shop/web | 80       | ALLOWED
      {ingress: [{ports: [{port: 80, endPort: 90}]}]}          | ingress | shop/web | 90       | ALLOWED
      {ingress: [{ports: [{port: 80, endPort: 90}]}]}          | ingress | shop/web | 91       | DENIED
      {ingress: [{ports: [{port: 80, endPort: 80}]}]}          | ingress | shop/web | 80       | ALLOWED
      {ingress: [{ports: [{port: 80, endPort: 79}]}]}          | ingress | shop/web | 80       | DENIED
      {ingress: [{ports: [{port: http, endPort: 9000}]}]}      | ingress | shop/web | 8080     | DENIED
      {ingress: [{ports: [{endPort: 9000}]}]}                  | ingress | shop/web | 8080     | DENIED
      {ingress: [{ports: [{port: 80, endPort: 70000}]}]}       | ingress | shop/web | 80       | DENIED
      """)
  void statement10(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("11. SCTP is a third protocol")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{ports: [{protocol: SCTP, port: 80}]}]}       | ingress | shop/web | SCTP 80  | ALLOWED
      {ingress: [{ports: [{protocol: SCTP, port: 80}]}]}       | ingress | shop/web | 80       | DENIED
      {ingress: [{ports: [{protocol: SCTP}]}]}                 | ingress | shop/web | UDP 80   | DENIED
      """)
  void statement11(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("12. ipBlock: inside cidr, outside each except; families never cross")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}                              | ingress | 192.0.2.255 | 80 | ALLOWED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}                              | ingress | 192.0.3.0   | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.77/24}}]}]}                             | ingress | 192.0.2.1   | 80 | ALLOWED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.64/26]}}]}]}     | ingress | 192.0.2.64  | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.64/26]}}]}]}     | ingress | 192.0.2.63  | 80 | ALLOWED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.64/26]}}, {ipBlock: {cidr: 192.0.2.64/32}}]}]} | ingress | 192.0.2.64 | 80 | ALLOWED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.64/26]}}]}]} ;; {ingress: [{from: [{ipBlock: {cidr: 192.0.2.64/32}}]}]} | ingress | 192.0.2.64 | 80 | ALLOWED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.127/26]}}]}]}    | ingress | 192.0.2.64  | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}                                 | ingress | 2001:db9::1 | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}                                    | ingress | 192.0.2.1   | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}                                    | ingress | 2001:db9::1 | 80 | ALLOWED
      {ingress: [{from: [{ipBlock: {cidr: "2001:db9::/33"}}]}]}                           | ingress | 2001:db9:8000::1 | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}                              | ingress | ::ffff:192.0.2.7 | 80 | ALLOWED
      {ingress: [{from: [{ipBlock: {cidr: "::ffff:192.0.2.0/120"}}]}]}                    | ingress | 192.0.2.7   | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: ["::/0"]}}]}]}            | ingress | 192.0.2.7   | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/33}}]}]}                              | ingress | 192.0.2.7   | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2.0}}]}]}                                 | ingress | 192.0.2.0   | 80 | DENIED
      {ingress: [{from: [{ipBlock: {cidr: 192.0.2/24}}]}]}                                | ingress | 192.0.2.0   | 80 | DENIED
      """)
  void statement12(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  @DisplayName("18. Policies only add up, and a connection needs both ends")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {} ;; {ingress: [{from: [{podSelector: {}}]}]}      | ingress | shop/web | 80 | ALLOWED
      {ingress: [{from: [{podSelector: {}}]}]} ;; {}      | ingress | shop/web | 80 | ALLOWED
      {} ;; bank::{egress: [{}]}                          | both    | bank/web | 80 | DENIED
      {ingress: [{}]} ;; bank::{policyTypes: [Egress]}    | both    | bank/web | 80 | DENIED
      {ingress: [{}]} ;; bank::{policyTypes: [Egress]}    | ingress | bank/web | 80 | ALLOWED
      {ingress: [{}]} ;; bank::{policyTypes: [Egress], egress: [{}]} | both | bank/web | 80 | ALLOWED
      {policyTypes: [Egress]}                             | both    | shop/web | 80 | DENIED
      {podSelector: {matchLabels: {role: orders}}, policyTypes: [Egress]} | both | shop/web | 80 | ALLOWED
      """)
  void statement18(String policies, String side, String peer, String port, Verdict expected) {
    assertThat(verdict(policies, side, peer, port)).isEqualTo(expected);
  }

  private static Verdict verdict(String policies, String side, String peer, String port) {
    var documents = new ArrayList<>(CLUSTER);
    for (String spec : policies.split(" ;; ", -1)) {
      int namespace = spec.indexOf("::{");
      documents.add(
          policy(
              (namespace < 0 ? "shop" : spec.substring(0, namespace)) + "/p" + documents.size(),
              namespace < 0 ? spec : spec.substring(namespace + 2)));
    }
    TestCluster cluster = TestCluster.of(documents.toArray(String[]::new));
    return switch (side) {
      case "ingress" -> cluster.verdict(peer, "shop/orders", port, Side.INGRESS);
      case "egress" -> cluster.verdict("shop/orders", peer, port, Side.EGRESS);
      default -> cluster.verdict(peer, "shop/orders", port, Side.BOTH);
    };
  }
}
