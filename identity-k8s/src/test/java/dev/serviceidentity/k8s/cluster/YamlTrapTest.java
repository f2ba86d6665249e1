// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl reads otherwise, or refuses, is not believed. Each is what kubectl 1.32 does. */
class YamlTrapTest {
  private static final String CLOSED =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: shop, name: db}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{podSelector: {matchLabels: {role: admin}}}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {namespace: shop, name: db, labels: {app: db}}
      status: {podIP: 10.1.0.9}
      """;
  private static final String ADMIN =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        namespace: shop
        name: web
        labels: {role: admin}
      spec:
        nodeName: n9
      status: {podIP: 10.1.0.5}
      """;

  private static Verdict verdict(TestCluster cluster) {
    return cluster.ingress("shop/web", "shop/db", 80);
  }

  private static void assertLost(TestCluster cluster, int line, String why) {
    assertThat(cluster.report().of(Severity.ERROR))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.message()).contains(why);
              assertThat(finding.place().line()).isEqualTo(line);
            });
    assertThat(verdict(cluster)).isEqualTo(Verdict.UNDECIDABLE);
  }

  private static int lines(String text) {
    return (int) text.lines().count();
  }

  @Test
  void withoutATrapThePolicyAdmits() {
    TestCluster cluster = TestCluster.of(CLOSED, ADMIN);

    assertThat(verdict(cluster)).isEqualTo(Verdict.ALLOWED);
    assertThat(cluster.report().of(Severity.ERROR)).isEmpty();
  }

  /** The kubectl reader ends the line there, so that the field after it counts. */
  @ParameterizedTest
  @ValueSource(chars = {'\u2028', '\u2029', '\u0085'})
  void aLineBreakOfYamlOneOneHidesNoField(char separator) {
    String hidden = ADMIN.replace("n9", "n9 # x" + separator + "  hostNetwork: true");

    assertLost(
        TestCluster.of(CLOSED, hidden), lines(CLOSED) + 10, "U+%04X".formatted((int) separator));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u2028", "\u2029", "\u0085", "\r"})
  void aLineBreakOfYamlOneOneHidesNoDocumentInAComment(String separator) {
    String deny =
        "# x"
            + separator
            + "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db,"
            + " namespace: shop}}";

    assertThat(verdict(TestCluster.of(CLOSED, ADMIN, deny))).isNotEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "---\n"})
  void inJsonItIsACharacterLikeAnyOther(String start) {
    String json =
        start
            + "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"web\","
            + " \"namespace\": \"shop\", \"labels\": {\"role\": \"admin\"},"
            + " \"annotations\": {\"a\": \"b\u2028c\"}}, \"status\": {\"podIP\": \"10.1.0.5\"}}";

    assertThat(verdict(TestCluster.of(CLOSED, json))).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict(TestCluster.of(CLOSED, json.replace("\"status\"", "status"))))
        .isEqualTo(Verdict.UNDECIDABLE);
  }

  /** In kubectl a merge overrides the keys before it, and in YAML 1.1 itself none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{role: admin, <<: {role: none}}",
        "{role: admin, ! <<: {role: none}}",
        "{role: admin, ! '<<': {role: none}}",
        "{role: admin, !!merge '<<': {role: none}}",
        "{role: admin, !!merge more: {role: none}}",
        "{role: admin, ? << : {role: none}}",
        "{<<: [{role: none}, {role: admin}]}"
      })
  void aMergeKeyIsWrittenOut(String labels) {
    String merged = ADMIN.replace("{role: admin}", labels);

    assertLost(TestCluster.of(CLOSED, merged), lines(CLOSED) + 8, "merge keys");
  }

  @Test
  void theNameOfAMergeKeyInQuotesIsText() {
    String quoted = ADMIN.replace("spec:", "  annotations: {\"<<\": '<<', a: !!str <<}\nspec:");

    assertThat(verdict(TestCluster.of(CLOSED, quoted))).isEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&s {<<: *s, role: admin}",
        "&s {<<: [*s, *s], role: admin}",
        "&s {role: admin, more: *s}",
        "&s {role: admin, *s : more}",
        "{role: &s [*s]}"
      })
  @Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
  void anAliasInsideOfWhatItNamesEndsTheReading(String labels) {
    TestCluster cluster = TestCluster.of(CLOSED, ADMIN.replace("{role: admin}", labels));

    assertThat(cluster.report().of(Severity.ERROR)).isNotEmpty();
    assertThat(verdict(cluster)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void anAliasInsideOfItselfIsLostWhereverItIs() {
    String recursive = ADMIN.replace("nodeName: n9", "containers: &s\n  - name: x\n  - *s");

    assertLost(TestCluster.of(CLOSED, recursive), lines(CLOSED) + 12, "inside of what it names");
  }

  @Test
  void anAliasOfWhatIsCompleteIsRead() {
    String alias = ADMIN.replace("{role: admin}", "{other: &s admin, role: *s}");

    assertThat(verdict(TestCluster.of(CLOSED, alias))).isEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\UFFFFFFFF", "\\U00110000", "\\UD8000000"})
  void anEscapeOfNoCharacterIsLost(String escape) {
    TestCluster cluster = TestCluster.of(CLOSED, ADMIN.replace("n9", "\"" + escape + "\""));

    assertLost(cluster, lines(CLOSED) + 10, "escape");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--- {apiVersion: v1, kind: ConfigMap}",
        "--- !!map\na: b",
        "--- |\n a",
        "---x: y",
        "# x\n--- {apiVersion: v1, kind: ConfigMap}"
      })
  void theLineThatSeparatesDocumentsHoldsNothingElse(String document) {
    TestCluster cluster = TestCluster.of(CLOSED, ADMIN + document);

    int line = lines(CLOSED) + 2 + lines(ADMIN) + (document.startsWith("#") ? 2 : 1);
    assertLost(cluster, line, "follows ---");
  }

  @ParameterizedTest
  @ValueSource(strings = {"---", "--- ", "---\t", "--- # x", "---#x", "---\r"})
  void aCommentAfterTheSeparatorIsFine(String separator) {
    assertThat(verdict(TestCluster.of(CLOSED + separator + "\n" + ADMIN)))
        .isEqualTo(Verdict.ALLOWED);
  }

  /** The kubectl reader ends at the first, and cuts documents apart at line feeds alone. */
  @ParameterizedTest
  @ValueSource(strings = {"...\n", "...\n# x\n", "\r---\r"})
  void whatFollowsTheEndOfADocumentIsNotRead(String end) {
    String two = "apiVersion: v1\nkind: ConfigMap\n" + end + ADMIN;

    assertLostSomewhere(TestCluster.of(CLOSED, two), "document");
  }

  @Test
  void aDirectiveIsRefused() {
    assertLostSomewhere(TestCluster.of("%YAML 1.2\n---\n" + CLOSED, ADMIN), "document start");
  }

  private static void assertLostSomewhere(TestCluster cluster, String why) {
    assertThat(cluster.report().of(Severity.ERROR))
        .singleElement()
        .extracting(LoadReport.Finding::message)
        .asString()
        .contains(why);
    assertThat(verdict(cluster)).isEqualTo(Verdict.UNDECIDABLE);
  }
}
