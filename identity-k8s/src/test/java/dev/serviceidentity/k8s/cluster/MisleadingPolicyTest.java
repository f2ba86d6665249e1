// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy that readers may take for another one closes every pod that it may be meant for. */
class MisleadingPolicyTest {
  private static final String PODS =
      """
      {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web, labels: {app: web}}, status: {podIP: 10.0.0.1}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: orders, labels: {app: orders}}, status: {podIP: 10.0.0.2}}
      ---
      """;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: shop, name: deny}
      spec: {podSelector: {matchLabels: {app: orders}}}
      """;

  private static Verdict verdict(String policy) {
    TestCluster cluster = TestCluster.of(PODS + policy);
    assertThat(cluster.report().of(Severity.ERROR)).isNotEmpty();
    return cluster.ingress("shop/web", "shop/orders", 80);
  }

  @Test
  void thePolicyItselfDenies() {
    TestCluster cluster = TestCluster.of(PODS + POLICY);

    assertThat(cluster.report().findings()).isEmpty();
    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      spec: {podSelector: {matchLabels: {app: other}}}
      spec: {}
      spec: other
      """)
  void aSecondSpecClosesAllPodsOfTheNamespace(String second) {
    assertThat(verdict(POLICY + second)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {podSelector: {matchLabels: {app: orders}}, podSelector: {matchLabels: {app: other}}}
      {podSelector: {matchLabels: {app: orders, app: other}}}
      {podSelector: {matchLabels: {app: orders}, matchLabels: {app: other}}}
      {podSelector: {matchLabels: {app: other, 1: b}}}
      {podSelector: {matchLabels: {app: other, !!binary YXBw: orders}}}
      {podSelector: {matchLabels: {app: other}}, !!binary cG9kU2VsZWN0b3I=: {}}
      {podSelector: {matchLabels: {app: other}}, podSelectr: {}}
      {podSelector: {matchLabels: {app: other}}, 1: {}}
      {podSelector: !!null {matchLabels: {app: orders}}}
      """)
  void aSubjectThatCannotBeTrustedIsEveryPodOfTheNamespace(String spec) {
    String policy = POLICY.replace("{podSelector: {matchLabels: {app: orders}}}", spec);

    assertThat(verdict(policy)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      metadata: {name: deny}
      metadata: {namespace: other, name: deny}
      metadata: []
      !!binary bWV0YWRhdGE=: {namespace: other, name: deny}
      ? [metadata] : {namespace: other, name: deny}
      meatdata: {namespace: other, name: deny}
      """)
  void metadataThatCannotBeTrustedLeavesEverythingUndecided(String second) {
    assertThat(verdict(POLICY + second)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      !!binary bWV0YWRhdGE=: {namespace: shop, name: deny}
      metadata: {!!binary bmFtZXNwYWNl: shop, name: deny}
      metadata: {namespace: shop, namespace: other, name: deny}
      metadata: {namespace: !!binary c2hvcA==, name: deny}
      metadata: {namespace: !!null shop, name: deny}
      metadata: !!null {namespace: shop, name: deny}
      """)
  void aNamespaceThatCannotBeReadLeavesEverythingUndecided(String metadata) {
    String policy = POLICY.replace("metadata: {namespace: shop, name: deny}", metadata);

    assertThat(verdict(policy)).isEqualTo(Verdict.UNDECIDABLE);
  }

  /** Around this many elements the value of the label is no longer read. */
  @ParameterizedTest
  @ValueSource(ints = {499_990, 499_991, 499_992, 499_993})
  void aPolicyTooLargeToReadIsNoPolicyForOtherPods(int elements) {
    String spec =
        "spec: {policyTypes: [%s], podSelector: {matchLabels: {app: orders}}}"
            .formatted("Ingress,".repeat(elements));
    TestCluster cluster =
        TestCluster.of(
            PODS + POLICY.replace("spec: {podSelector: {matchLabels: {app: orders}}}", spec));

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isNotEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      [{from: !!null [{podSelector: {matchLabels: {app: nobody}}}]}]
      [{from: !!null nothing}]
      [{ports: !!null [{port: 81}]}]
      [{from: [{podSelector: !!null {matchLabels: {app: nobody}}, namespaceSelector: {}}]}]
      [{from: [{namespaceSelector: {}, !!binary cG9kU2VsZWN0b3I=: {matchLabels: {app: nobody}}}]}]
      """)
  void aPartThatIsOnlyTaggedAsNullIsNotAbsent(String ingress) {
    String policy =
        POLICY.replace("spec: {podSelector", "spec: {ingress: " + ingress + ", podSelector");
    TestCluster cluster = TestCluster.of(PODS + policy);

    assertThat(cluster.ingress("shop/web", "shop/orders", 80)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      metadata: {namespace: shop, name: x} | metadata: {namespace: other, name: x}
      metadata: {namespace: shop, namespace: other, name: x} | spec: {}
      metadata: {namespace: other, !!binary bmFtZXNwYWNl: shop, name: x} | spec: {}
      metadata: {namespace: other, name: x} | !!binary bWV0YWRhdGE=: {namespace: shop, name: x}
      """)
  void aPolicyOfAnotherKindTouchesEverythingIfItsNamespaceIsDisputed(String one, String two) {
    String policy = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n" + one + "\n" + two;

    assertThat(verdict(policy)).isEqualTo(Verdict.UNDECIDABLE);
  }
}
