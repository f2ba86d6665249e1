// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow.Side;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final String ALLOW_WEB =
      policy(
          "shop/allow-web",
          "{podSelector: {matchLabels: {role: orders}}, ingress: [{from: [{podSelector:"
              + " {matchLabels: {role: frontend}}}], ports: [{port: 8080}]}]}");

  private final TestCluster cluster =
      TestCluster.of(
          namespace("shop", "team: a"),
          namespace("bank", "team: b"),
          pod("shop/web", "role: frontend", "10.0.0.1"),
          pod("shop/batch", "role: batch", "10.0.0.2"),
          pod("shop/bare", "", "10.0.0.4"),
          pod("shop/orders", "role: orders", "10.0.0.3"),
          pod("bank/web", "role: frontend", "10.0.1.1"),
          policy("shop/default-deny", "{}"),
          policy("shop/out", "{policyTypes: [Egress], egress: [{}]}"),
          ALLOW_WEB,
          policy(
              "bank/by-team",
              "{ingress: [{from: [{namespaceSelector: {matchLabels: {team: c}}}], ports: [{port: http}]}]}"));

  private Explanation explain(String from, String to, int port) {
    return cluster.explain(from, to, Integer.toString(port), Side.INGRESS);
  }

  @Test
  void anAllowedFlowNamesTheRuleThatAdmitsIt() {
    Explanation explanation = explain("shop/web", "shop/orders", 8080);

    assertThat(explanation.decidedBy()).containsExactly("shop/allow-web ingress[0].from[0]");
    assertThat(explanation.summary())
        .isEqualTo(
            "shop/web (10.0.0.1) → shop/orders (10.0.0.3), TCP 8080, is allowed; ingress: admitted"
                + " by shop/allow-web ingress[0].from[0]; egress: not checked.");
  }

  @Test
  void everyPolicyOfTheNamespaceHasItsSay() {
    assertThat(explain("shop/web", "shop/orders", 8080).findings())
        .extracting(Explanation.Finding::says)
        .containsExactly(Says.DOES_NOT_ADMIT, Says.NOT_APPLICABLE, Says.ADMITS);
  }

  @Test
  void aDenialNamesTheLabelThatDiffers() {
    assertThat(explain("shop/batch", "shop/orders", 8080).summary())
        .contains("`allow-web` admits pods with `role=frontend` of namespace `shop`")
        .contains("; the caller has `role=batch`");
  }

  @Test
  void aDenialNamesTheLabelThatIsMissing() {
    assertThat(explain("shop/bare", "shop/orders", 8080).summary())
        .contains("the caller has no label `role`");
  }

  @Test
  void aDenialNamesThePort() {
    assertThat(explain("shop/web", "shop/orders", 9090).summary())
        .contains("`allow-web` admits the caller on TCP 8080; the flow is to TCP 9090");
  }

  @Test
  void aDenialNamesTheNamespace() {
    assertThat(explain("bank/web", "shop/orders", 8080).summary())
        .contains("the caller is in namespace `bank`");
  }

  @Test
  void aDenialNamesTheNamespacesLabelAndTheMissingPortName() {
    assertThat(explain("shop/web", "bank/web", 80).summary())
        .contains("namespaces with `team=c` on TCP port `http`")
        .contains("is in namespace `shop`, which has `team=a`, and the flow is to TCP 80")
        .contains("bank/web (10.0.1.1) has no TCP port named `http`");
  }

  @Test
  void aDenialWithoutAnyRuleSaysWhatIsolates() {
    Explanation explanation = explain("shop/web", "shop/batch", 80);

    assertThat(explanation.summary()).contains("`default-deny` isolates shop/batch (10.0.0.2)");
    assertThat(explanation.decidedBy()).containsExactly("shop/default-deny");
  }

  @Test
  void aCallerFromOutsideIsToldApartFromAPod() {
    assertThat(explain("192.0.2.1", "shop/orders", 8080).summary())
        .contains("the caller is outside the cluster, where no selector matches");
  }

  @Test
  void aMalformedPartIsNamed() {
    var broken =
        TestCluster.of(
            pod("shop/web", "", "10.0.0.1"),
            pod("shop/orders", "", "10.0.0.3"),
            policy("shop/p", "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/99}}]}]}"));

    assertThat(broken.why("shop/web", "shop/orders", 80)).contains("that part is malformed");
  }

  @Test
  void anAnswerForSeveralAddressesSaysHowManyMoreItHoldsFor() {
    var dual =
        TestCluster.of(
            pod("shop/web", "", "10.0.0.1", "2001:db8::1"),
            pod("shop/orders", "", "10.0.0.3", "2001:db8::3"),
            pod("shop/many", "", "10.0.0.4", "10.0.0.5", "10.0.0.6"));

    assertThat(dual.why("shop/web", "shop/orders", 80)).contains("for 1 more pair(s) of addresses");
    assertThat(dual.why("shop/many", "shop/orders", 80))
        .contains("for 2 more pair(s) of addresses");
    assertThat(dual.why("10.0.0.1", "shop/orders", 80)).doesNotContain("more pair(s)");
  }
}
