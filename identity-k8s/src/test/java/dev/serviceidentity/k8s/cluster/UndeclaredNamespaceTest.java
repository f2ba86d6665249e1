// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import org.junit.jupiter.api.Test;

class UndeclaredNamespaceTest {
  private static final String SHOP = TestCluster.namespace("shop", "");

  @Test
  void aPolicyInAMisspeltNamespaceIsFound() {
    TestCluster cluster =
        TestCluster.of(
            SHOP, TestCluster.pod("shop/web", ""), TestCluster.policy("shpo/deny", "{}"));

    assertThat(cluster.report().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding)
                  .hasToString(
                      finding.place()
                          + ": warning: NetworkPolicy shpo/deny metadata.namespace: "
                          + finding.message());
              assertThat(finding.message()).contains("`shpo`", "did you mean `shop`?");
            });
  }

  @Test
  void eachNamespaceIsNamedOnceWithTheNumberOfOtherObjectsInIt() {
    TestCluster cluster =
        TestCluster.of(
            TestCluster.pod("bank/a", "", "10.0.0.1"),
            TestCluster.pod("bank/b", "", "10.0.0.2"),
            "{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: bank, name: c}}",
            SHOP);

    assertThat(cluster.report().findings())
        .singleElement()
        .asString()
        .contains("Pod bank/a", "2 more object(s)", "kubernetes.io/metadata.name", "add it");
  }

  @Test
  void aForgottenNamespaceIsTheDefaultOne() {
    TestCluster cluster =
        TestCluster.of(SHOP, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: c}}");

    assertThat(cluster.report().findings()).singleElement().asString().contains("`default`");
  }

  @Test
  void withoutAnyNamespaceObjectNothingIsSaid() {
    assertThat(TestCluster.of(TestCluster.pod("bank/a", "", "10.0.0.1")).report().findings())
        .isEmpty();
  }

  @Test
  void aNamespaceThatCannotBeReadIsDeclaredAllTheSame() {
    TestCluster cluster =
        TestCluster.of(
            SHOP,
            "{apiVersion: v1, kind: Namespace, metadata: {name: bank, lables: {}}}",
            TestCluster.pod("bank/a", "", "10.0.0.1"));

    assertThat(cluster.report().of(Severity.WARNING)).isEmpty();
  }
}
