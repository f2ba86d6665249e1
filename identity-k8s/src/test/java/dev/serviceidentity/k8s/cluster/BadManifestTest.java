// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a manifest is found when it is loaded, at its line, and never admits. */
class BadManifestTest {
  private static final String PODS =
      """
      {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: orders}, status: {podIP: 10.0.0.2}}
      ---
      """;
  private static final int PODS_LINES = 4;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        namespace: shop
        name: p
      spec:
        podSelector: {}
        ingress:
        - from:
          - podSelector: {}
          ports:
          - port: 80
      """;

  /** Each row changes one line of the policy, after which it must not admit the caller. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      podSelector: {}\\n  ing | podSelectr: {}\\n  ing    | 7  | spec.podSelectr                    | is no field
      podSelector: {}\\n  ing | podSelector: x\\n  ing    | 7  | spec.podSelector                   | must be a mapping
      podSelector: {}\\n  ing | podSelector: {matchLabels: {a: 1}}\\n  ing | 7 | spec.podSelector.matchLabels.a | must be text
      podSelector: {}\\n  ing | podSelector: {matchLabels: {a: yes}}\\n  ing | 7 | spec.podSelector.matchLabels.a | must be text
      podSelector: {}\\n  ing | podSelector: {matchLabels: {a: null}}\\n  ing | 7 | spec.podSelector.matchLabels.a | must be text
      podSelector: {}\\n  ing | podSelector: {matchLabels: {"a b": x}}\\n  ing | 7 | spec.podSelector.matchLabels.a b | no label can have
      podSelector: {}\\n  ing | policyTypes: [ingress]\\n  ing | 7 | spec.policyTypes[0]               | must be Ingress or Egress
      podSelector: {}\\n  ing | policyTypes: Ingress\\n  ing | 7 | spec.policyTypes                    | must be a list
      ingress:                | ingress: []\\n  ingress:   | 9  | spec.ingress                       | is given twice
      - from:                 | - form:                    | 9  | spec.ingress[0].form               | is no field
      - from:                 | - to:                      | 9  | spec.ingress[0].to                 | is no field
      - podSelector: {}       | - podSelector: {}\\n      podSelector: {} | 11 | spec.ingress[0].from[0].podSelector | is given twice
      - podSelector: {}       | - podSelector: []          | 10 | spec.ingress[0].from[0].podSelector | must be a mapping
      - podSelector: {}       | - {}                       | 10 | spec.ingress[0].from[0]            | needs podSelector
      - podSelector: {}       | - null                     | 10 | spec.ingress[0].from[0]            | must be a mapping
      - podSelector: {}       | - any                      | 10 | spec.ingress[0].from[0]            | must be a mapping
      - podSelector: {}       | - serviceSelector: {}      | 10 | spec.ingress[0].from[0].serviceSelector | is no field
      - podSelector: {}       | - podSelector: {matchExpressions: [{key: a, operator: NotIn}]} | 10 | spec.ingress[0].from[0].podSelector.matchExpressions[0] | at least one value
      - podSelector: {}       | - podSelector: {matchExpressions: [{key: a, operator: Is}]} | 10 | spec.ingress[0].from[0].podSelector.matchExpressions[0].operator | must be In
      - podSelector: {}       | - podSelector: {matchExpressions: [{operator: DoesNotExist}]} | 10 | spec.ingress[0].from[0].podSelector.matchExpressions[0] | key that no label
      - podSelector: {}       | - ipBlock: {cidr: 10.0.0.0/99} | 10 | spec.ingress[0].from[0].ipBlock.cidr | prefix length
      - podSelector: {}       | - ipBlock: {}              | 10 | spec.ingress[0].from[0].ipBlock.cidr | no CIDR
      - podSelector: {}       | - ipBlock: {cidr: "::ffff:10.0.0.0/100"} | 10 | spec.ingress[0].from[0].ipBlock.cidr | IPv4-mapped
      - podSelector: {}       | - ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/9]} | 10 | spec.ingress[0].from[0].ipBlock.except[0] | smaller block
      - podSelector: {}       | - ipBlock: {cidr: 10.0.0.0/8, except: 10.0.0.0/9} | 10 | spec.ingress[0].from[0].ipBlock.except | must be a list
      - podSelector: {}       | - {podSelector: {}, ipBlock: {cidr: 0.0.0.0/0}} | 10 | spec.ingress[0].from[0].ipBlock | excludes podSelector
      - port: 80              | - port: "80"               | 12 | spec.ingress[0].ports[0].port      | is no port name
      - port: 80              | - port: 080                | 12 | spec.ingress[0].ports[0].port      | decimal number
      - port: 80              | - port: 0x50               | 12 | spec.ingress[0].ports[0].port      | decimal number
      - port: 80              | - port: 80.0               | 12 | spec.ingress[0].ports[0].port      | decimal number
      - port: 80              | - port: 0                  | 12 | spec.ingress[0].ports[0].port      | 1 to 65535
      - port: 80              | - port: 99999999999        | 12 | spec.ingress[0].ports[0].port      | decimal number
      - port: 80              | - {port: 80, protocol: tcp} | 12 | spec.ingress[0].ports[0].protocol | TCP, UDP or SCTP
      - port: 80              | - {port: 80, endPort: "90"} | 12 | spec.ingress[0].ports[0].endPort  | decimal number
      - port: 80              | - {port: http, endPort: 90} | 12 | spec.ingress[0].ports[0].endPort  | by number
      - port: 80              | - {endPort: 90}            | 12 | spec.ingress[0].ports[0].endPort   | needs a port
      - port: 80              | - {prot: TCP}              | 12 | spec.ingress[0].ports[0].prot      | is no field
      - port: 80              | - [80]                     | 12 | spec.ingress[0].ports[0]           | must be a mapping
      spec:                   | sepc: {}\\nspec:           | 6  | sepc                               | is no field
      name: p                 | name: 7                    | 5  | metadata.name                      | must be text
      namespace: shop         | namespace: shop\\n  namespace: shop | 5 | metadata.namespace              | is given twice
      """)
  void aMalformedPartOfAPolicyAdmitsNothing(
      String line, String instead, int at, String field, String message) {
    String changed = POLICY.replace(unescaped(line), unescaped(instead));
    assertThat(changed).isNotEqualTo(POLICY);
    TestCluster cluster = TestCluster.of(PODS + changed);

    assertThat(cluster.report().of(Severity.ERROR))
        .anySatisfy(
            finding -> {
              assertThat(finding.field()).isEqualTo(field);
              assertThat(finding.message()).contains(message);
              assertThat(finding.place().line()).isEqualTo(PODS_LINES + at);
              assertThat(finding.subject().kind()).isEqualTo("NetworkPolicy");
            });
    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isNotEqualTo(Verdict.ALLOWED);
  }

  /** What was written, and what to write instead. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      - port: 80          | - port: 70000                   | 70000    | write a number from 1 to 65535
      - port: 80          | - {port: 80, endPort: 7}        | 7        | from 80 to 65535
      - port: 80          | - {port: 80, protocol: tcp}     | `tcp`    | TCP, UDP or SCTP
      - port: 80          | - port: "80"                    | `80`     | without quotes
      - podSelector: {}   | - ipBlock: {cidr: 10.0.0.0/99}  | `10.0.0.0/99` | write a prefix length from 0 to 32
      - podSelector: {}   | - ipBlock: {cidr: 10.0.0/8}     | `10.0.0` | as in 192.0.2.1
      - podSelector: {}   | - ipBlock: {cidr: 10.0.0.1}     | `10.0.0.1` | write for example 10.0.0.0/8
      - podSelector: {}   | - podSelector: {matchLabels: {"a b": x}} | `a b` | letters, digits
      - podSelector: {}   | - podSelector: {matchLabels: {a: x y}}   | `x y` | letters, digits
      - podSelector: {}   | - podSelector: {matchExpressions: [{key: a, operator: Is}]} | `Is` | In, NotIn
      podSelector: {}\\n  ing | policyTypes: [ingress]\\n  ing | `ingress` | Ingress or Egress
      """)
  void whatIsWrongIsQuotedWithItsCure(String line, String instead, String value, String cure) {
    TestCluster cluster =
        TestCluster.of(PODS + POLICY.replace(unescaped(line), unescaped(instead)));

    assertThat(cluster.report().of(Severity.ERROR))
        .anySatisfy(finding -> assertThat(finding.message()).contains(value, cure));
  }

  @Test
  void theUnchangedPolicyAdmitsTheCaller() {
    assertThat(TestCluster.of(PODS + POLICY).ingress("shop/web", "shop/orders", 80))
        .isEqualTo(Verdict.ALLOWED);
  }

  private static String unescaped(String cell) {
    return cell.replace("\\n", "\n");
  }

  @Test
  void hostBitsAreAcceptedWithAWarning() {
    var cluster =
        TestCluster.of(
            PODS + POLICY.replace("- podSelector: {}", "- ipBlock: {cidr: 10.0.0.77/8}"));

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.ALLOWED);
    assertThat(cluster.report().of(Severity.WARNING))
        .singleElement()
        .asString()
        .contains("write 10.0.0.0/8");
  }

  /** Each row is a pod that cannot be read in full, and so is not known. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      metadata: {namespace: shop, name: api, labels: [a]}                                 | metadata.labels
      metadata: {namespace: shop, name: api, labels: {a: 1}}                              | metadata.labels.a
      metadata: {namespace: shop, name: api, labels: {a: b, a: c}}                        | metadata.labels.a
      metadata: {namespace: shop, name: api}, status: {podIP: 10.0.0}                     | status.podIP
      metadata: {namespace: shop, name: api}, status: {podIPs: [{ip: "10.0.0.1/32"}]}     | status.podIPs[0]
      metadata: {namespace: shop, name: api}, spec: {hostNetwork: "true"}                 | spec.hostNetwork
      metadata: {namespace: shop, name: api}, spec: {hostNetwork: !!bool maybe}           | spec.hostNetwork
      metadata: {namespace: shop, name: api}, spec: {containers: [{ports: [{containerPort: 0}]}]} | spec.containers[0].ports[0].containerPort
      metadata: {namespace: shop, name: api}, spec: {containers: [{ports: [{containerPort: 1, protocol: X}]}]} | spec.containers[0].ports[0].protocol
      metadata: {namespace: shop, name: api}, spec: {serviceAccountName: "A b"}           | spec.serviceAccountName
      metadata: {namespace: Shop, name: api}                                              | metadata.namespace
      metadata: {namespace: shop}                                                         | metadata.name
      metadata: {namespace: shop, name: "a b"}                                            | metadata.name
      """)
  void aMalformedPodIsNotKnownAndItsAddressIsNobodys(String content, String field) {
    var cluster = TestCluster.of(PODS + "{apiVersion: v1, kind: Pod, " + content + "}");

    assertThat(cluster.report().of(Severity.ERROR))
        .anySatisfy(finding -> assertThat(finding.field()).isEqualTo(field));
    assertThat(cluster.ingress("shop/web", "shop/api", 80)).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(cluster.egress("shop/web", "192.0.2.1", 80)).isEqualTo(Verdict.ALLOWED);
    assertThat(cluster.ingress("shop/web", "192.0.2.1", 80)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {kind: NetworkPolicy, kind: ConfigMap, apiVersion: v1}         | ERROR   | says twice
      {apiVersion: v1, kind: List, items: {a: b}}                    | ERROR   | items are no list
      {apiVersion: v1, kind: List, items: [text]}                    | ERROR   | no Kubernetes object
      {apiVersion: networking.k8s.io/v1, metadata: {name: x}}        | ERROR   | looks like a policy
      {metadata: {name: x}, spec: {podSelector: {}}}                 | ERROR   | looks like a policy
      {apiVersion: extensions/v1beta1, kind: NetworkPolicy}          | ERROR   | not evaluated
      {apiVersion: networking.k8s.io/v1, kind: networkpolicy}        | ERROR   | not evaluated
      {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: [], name: x}} | ERROR | must be text
      {apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy}  | ERROR   | not evaluated
      """)
  void whatMayBeAPolicyLeavesEverythingUndecided(String document, Severity severity, String says) {
    var cluster = TestCluster.of(PODS + document);

    assertThat(cluster.report().of(severity))
        .anySatisfy(finding -> assertThat(finding.message()).contains(says));
    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {apiVersion: v1, kind: ConfigMap, metadata: {name: x}}  | NOTE    | are not used
      {image: {tag: v1}}                                      | WARNING | has no kind
      text                                                    | WARNING | no Kubernetes object
      """)
  void whatIsNoPolicyIsNotedAndHarmless(String document, Severity severity, String says) {
    var cluster = TestCluster.of(PODS + document);

    assertThat(cluster.report().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(severity);
              assertThat(finding.message()).contains(says);
              assertThat(finding.place().line()).isEqualTo(PODS_LINES + 1);
            });
    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void moreProblemsThanAreShownCloseThePolicy() {
    String ports = "  - port: bad port\n  ".repeat(300);
    var cluster = TestCluster.of(PODS + POLICY.replace("  - port: 80\n", ports + "  - port: 80\n"));

    assertThat(cluster.report().findings()).hasSizeLessThan(300);
    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void foreignTextCannotForgeAFinding() {
    var cluster =
        TestCluster.of(PODS + "{apiVersion: v1, kind: \"X\\nfile:1: error\", metadata: {name: a}}");

    assertThat(cluster.report().render()).doesNotContain("\n").contains("X\\u000afile");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      metadata: {namespace: shop, name: api, labels: {"[0": 1}}
      metadata: {namespace: shop, name: api, labels: {"[99999999999]": 1}}
      metadata: {namespace: shop, name: api, labels: {"[0]": 1}, labels: [x]}
      metadata: {namespace: shop, name: api, labels: {"[": 1}, labels: [x]}
      metadata: {namespace: shop, name: api, "[x]": 1, "[x]": 2}
      """)
  void aKeyThatLooksLikeAnIndexHasItsLineToo(String content) {
    var cluster = TestCluster.of(PODS + "{apiVersion: v1, kind: Pod, " + content + "}");

    assertThat(cluster.report().of(Severity.ERROR))
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.place().line()).isEqualTo(PODS_LINES + 1));
  }

  @Test
  void aliasesThatMultiplyAreStopped() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
    }

    List<Finding> errors = TestCluster.of(PODS + bomb).report().of(Severity.ERROR);

    assertThat(errors).singleElement().asString().contains("aliases");
  }

  @Test
  void anAliasBelowItselfIsNoEndlessObject() {
    var cluster =
        TestCluster.of(PODS + "{apiVersion: v1, kind: List, items: &a [{kind: List, items: *a}]}");

    assertThat(cluster.report().of(Severity.ERROR)).isNotEmpty();
  }

  @Test
  void nestingWithoutEndIsStopped() {
    List<Finding> errors = TestCluster.of(PODS + "[".repeat(100_000)).report().of(Severity.ERROR);

    assertThat(errors).singleElement().asString().contains("nested deeper");
  }
}
