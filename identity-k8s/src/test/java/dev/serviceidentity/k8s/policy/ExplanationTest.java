// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Part;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
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
    assertThat(explanation.render())
        .isEqualTo(
            """
            shop/web (10.0.0.1) → shop/orders (10.0.0.3), TCP 8080, is allowed; egress: not checked.
              ingress of shop/orders: ALLOWED — admitted by shop/allow-web ingress[0].from[0]
                shop/default-deny: does not admit — it has no ingress rule
                shop/allow-web ingress[0].from[0]: admits — pods with `role=frontend` of namespace `shop` on TCP 8080
                1 policy does not apply: shop/out""");
  }

  @Test
  void eachEndIsAPartOfItsOwn() {
    Explanation explanation = cluster.explain("shop/batch", "shop/orders", "8080", Side.BOTH);

    assertThat(explanation.summary())
        .isEqualTo(
            "shop/batch (10.0.0.2) → shop/orders (10.0.0.3), TCP 8080, is denied by ingress of"
                + " shop/orders.");
    assertThat(explanation.parts())
        .extracting(Part::side, Part::of, Part::verdict)
        .containsExactly(
            tuple(Side.INGRESS, "shop/orders", Verdict.DENIED),
            tuple(Side.EGRESS, "shop/batch", Verdict.ALLOWED));
    assertThat(explanation.parts().get(1).findings())
        .extracting(Explanation.Finding::subject)
        .contains("shop/out egress[0]");
  }

  @Test
  void flowsThatAreToldApartHaveAPartEach() {
    var dual =
        TestCluster.of(
            pod("shop/web", "", "10.0.0.1", "2001:db8::1"),
            pod("shop/orders", "", "10.0.0.3", "2001:db8::3"),
            policy("shop/p", "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"));

    assertThat(dual.explain("shop/web", "shop/orders", "80", Side.INGRESS).parts())
        .extracting(Part::of, Part::verdict)
        .containsExactly(
            tuple("shop/orders (10.0.0.3) from shop/web (10.0.0.1)", Verdict.ALLOWED),
            tuple("shop/orders (2001:db8::3) from shop/web (2001:db8::1)", Verdict.DENIED));
  }

  @Test
  void everyPolicyOfTheNamespaceHasItsSay() {
    assertThat(explain("shop/web", "shop/orders", 8080).findings())
        .extracting(Explanation.Finding::says)
        .containsExactly(Says.DOES_NOT_ADMIT, Says.NOT_APPLICABLE, Says.ADMITS);
  }

  @Test
  void aDenialNamesTheLabelThatDiffers() {
    assertThat(explain("shop/batch", "shop/orders", 8080).obstacle())
        .contains("`allow-web` admits pods with `role=frontend` of namespace `shop`")
        .contains("; the caller has `role=batch`");
  }

  @Test
  void aDenialNamesTheLabelThatIsMissing() {
    assertThat(explain("shop/bare", "shop/orders", 8080).obstacle())
        .contains("the caller has no label `role`");
  }

  @Test
  void aDenialNamesThePort() {
    assertThat(explain("shop/web", "shop/orders", 9090).obstacle())
        .contains("`allow-web` admits the caller on TCP 8080; the flow is to TCP 9090");
  }

  @Test
  void aDenialNamesTheNamespace() {
    assertThat(explain("bank/web", "shop/orders", 8080).obstacle())
        .contains("the caller is in namespace `bank`");
  }

  @Test
  void aDenialNamesTheNamespacesLabelAndTheMissingPortName() {
    assertThat(explain("shop/web", "bank/web", 80).obstacle())
        .contains("namespaces with `team=c` on TCP port `http`")
        .contains("is in namespace `shop`, which has `team=a`, and the flow is to TCP 80")
        .contains("bank/web has no TCP port named `http`");
  }

  @Test
  void aDenialWithoutAnyRuleSaysWhatIsolates() {
    Explanation explanation = explain("shop/web", "shop/batch", 80);

    assertThat(explanation.obstacle())
        .isEqualTo(
            "ingress of shop/batch: DENIED — `default-deny` isolates shop/batch and admits nothing;"
                + " add a rule that admits shop/web on TCP 80");
    assertThat(explanation.decidedBy()).containsExactly("shop/default-deny");
  }

  @Test
  void aCallerFromOutsideIsToldApartFromAPod() {
    assertThat(explain("192.0.2.1", "shop/orders", 8080).obstacle())
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

  @Test
  void aLabelOfAnUndeclaredNamespaceIsNamedWithWhatToDo() {
    var undeclared =
        TestCluster.of(
            pod("ghost/web", "", "10.0.0.1"),
            pod("shop/orders", "", "10.0.0.3"),
            policy(
                "shop/p",
                "{ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name:"
                    + " ghost, team: a}}}]}]}"));

    assertThat(undeclared.why("ghost/web", "shop/orders", 80))
        .contains("is in namespace `ghost`, of which the label `team` is not known")
        .contains("add its Namespace object");
  }

  @Test
  void aMalformedPolicyIsToldApartFromOneWithoutRules() {
    var misspelt =
        TestCluster.of(
            pod("back/api", "app: api", "10.0.0.1"),
            pod("back/db", "app: db", "10.0.0.3"),
            policy("back/default-deny", "{podSelector: {}, ingres: []}"),
            policy("back/api-in", "{podSelector: {matchLabels: {app: api}}, ingres: [{}]}"),
            policy(
                "back/db-in",
                "{podSelector: {matchLabels: {app: db}}, ingres: [{from: [{podSelector:"
                    + " {matchLabels: {app: api}}}]}]}"));
    Explanation explanation = misspelt.explain("back/api", "back/db", "80", Side.INGRESS);

    assertThat(explanation.obstacle())
        .matches(
            "ingress of back/db: DENIED — `db-in` \\(.*\\.yaml:1[0-9]\\) is malformed and therefore"
                + " closed; correct spec\\.ingres: .*`ingress`.*; closed as well: `default-deny` and"
                + " `api-in`");
    assertThat(explanation.findings())
        .extracting(Explanation.Finding::says)
        .containsOnly(Says.MALFORMED);
  }

  @Test
  void aPolicyWithoutRulesIsNotTheReasonWhereAnotherIsMalformed() {
    var misspelt =
        TestCluster.of(
            pod("back/api", "app: api", "10.0.0.1"),
            pod("back/db", "app: db", "10.0.0.3"),
            policy("back/db-in", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingres]}"),
            policy("back/other", "{ingress: [{from: [{podSelector: {matchLabels: {app: x}}}]}]}"));

    assertThat(misspelt.explain("back/api", "back/db", "80", Side.INGRESS).obstacle())
        .contains("`db-in`", "correct spec.policyTypes[0]: must be Ingress or Egress")
        .doesNotContain("`other`");
  }

  @Test
  void aPolicyThatIsWrittenTwiceIsNamedOnce() {
    var twice =
        TestCluster.of(
            pod("back/api", "app: api", "10.0.0.1"),
            pod("back/db", "app: db", "10.0.0.3"),
            policy("back/db-in", "{podSelector: {matchLabels: {app: db}}}"),
            policy("back/db-in", "{ingress: [{}]}"),
            policy("back/db-in", "{podSelector: {matchLabels: {app: x}}}"));
    Explanation explanation = twice.explain("back/api", "back/db", "80", Side.INGRESS);

    assertThat(explanation.obstacle())
        .containsOnlyOnce("db-in")
        .contains("is written differently elsewhere and therefore closed; keep one");
    assertThat(explanation.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.says()).isEqualTo(Says.MALFORMED));
    assertThat(explanation.decidedBy()).containsExactly("back/db-in");
  }

  @Test
  void severalPoliciesIsolateInThePlural() {
    var several =
        TestCluster.of(
            pod("back/api", "", "10.0.0.1"),
            pod("back/db", "", "10.0.0.3"),
            policy("back/one", "{}"),
            policy("back/two", "{}"));

    assertThat(several.explain("back/api", "back/db", "80", Side.INGRESS).obstacle())
        .endsWith(
            "`one` and `two` isolate back/db and admit nothing; add a rule that admits back/api on"
                + " TCP 80");
  }
}
