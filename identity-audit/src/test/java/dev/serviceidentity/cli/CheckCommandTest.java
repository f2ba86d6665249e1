// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
  private static final String CLOSED = "{podSelector: {}}";

  @TempDir private Path directory;

  private Run check(String manifests, String from, String to, Object... more) {
    Path file = Run.file(directory, "cluster.yaml", manifests);
    return Run.of(
        concat(more, "check", "--manifests", file, "--from", from, "--to", to, "--port", "8080"));
  }

  private static Object[] concat(Object[] more, Object... first) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
  }

  @Test
  void anAllowedFlowEndsWithZeroAndNamesTheRuleThatAdmitsIt() {
    Run run =
        Run.of(
            "check", "-m", Run.SHOP, "--from", "shop/web-0", "--to", "shop/orders-0", "-p", "8443");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("ALLOWED\n")
        .contains("shop/orders-callers ingress[0].from[0]");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aDeniedFlowEndsWithOneAndNamesTheNearestMiss() {
    Run run =
        Run.of(
            "check",
            "--manifests",
            Run.SHOP,
            "--from=shop/web-0",
            "--to=finance/payments-0",
            "--port=8443/tcp");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("DENIED\n")
        .contains("payments-callers")
        .contains("app=orders")
        .contains("app=web");
  }

  @Test
  void jsonHoldsTheQuestionTheVerdictAndTheExplanation() throws Exception {
    Run run =
        Run.of(
            "check",
            "-m",
            Run.SHOP,
            "--from",
            "external",
            "--to",
            "shop/web-0",
            "--port",
            "53/UDP",
            "--output",
            "json");

    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(run.code()).isEqualTo(1);
    assertThat(json.get("from").asText()).isEqualTo("external");
    assertThat(json.get("protocol").asText()).isEqualTo("UDP");
    assertThat(json.get("port").asInt()).isEqualTo(53);
    assertThat(json.get("verdict").asText()).isEqualTo("DENIED");
    assertThat(json.at("/explanation/summary").asText()).contains("shop/web-0");
    assertThat(json.at("/explanation/sides/0/of").asText()).isEqualTo("shop/web-0");
    assertThat(json.at("/explanation/sides/0/verdict").asText()).isEqualTo("DENIED");
    assertThat(json.at("/explanation/sides/1/side").asText()).isEqualTo("EGRESS");
    assertThat(json.at("/explanation/findings/0/side").asText()).isEqualTo("INGRESS");
    assertThat(json.at("/explanation/findings/0/says").asText()).isEqualTo("DOES_NOT_ADMIT");
    assertThat(json.at("/explanation/decidedBy/0").asText()).isEqualTo("shop/default-deny");
  }

  @Test
  void bothSidesAreAsked() {
    String manifests =
        Run.namespaces("a")
            + Run.pod("a", "x", "")
            + Run.pod("a", "y", "")
            + Run.policy(
                "a", "no-egress", "{podSelector: {matchLabels: {app: x}}, policyTypes: [Egress]}");

    assertThat(check(manifests, "a/x", "a/y").out()).startsWith("DENIED").contains("no-egress");
    assertThat(check(manifests, "a/y", "a/x").out()).startsWith("ALLOWED");
  }

  @ParameterizedTest
  @CsvSource({
    "a/web, ALLOWED",
    "a/Deployment/web, ALLOWED",
    "a/deployed-1, ALLOWED",
    "a/Pod/deployed-1, ALLOWED",
    "a/other, DENIED",
    "a/CronJob/other, DENIED",
    "10.0.0.7, ALLOWED",
    "10.0.0.9, DENIED",
    "203.0.113.9, DENIED",
    "external, DENIED",
  })
  void everyFormOfAReferenceIsUnderstood(String from, String verdict) {
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {namespace: a, name: web}
        spec: {template: {metadata: {labels: {app: deployed}}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          namespace: a
          name: deployed-1
          labels: {app: deployed, pod-template-hash: 5d8}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8, uid: u, controller: true}]
        status: {phase: Running, podIP: 10.0.0.7}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {namespace: a, name: other}
        spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: other}}}}}}
        ---
        """;
    String manifests =
        Run.namespaces("a")
            + deployment
            + Run.podAt("a", "target", "10.0.0.8")
            + Run.policy(
                "a",
                "p",
                "{podSelector: {matchLabels: {app: target}},"
                    + " ingress: [{from: [{podSelector: {matchLabels: {app: deployed}}}]}]}");

    assertThat(check(manifests, from, "a/target").out()).startsWith(verdict);
  }

  @Test
  void aWorkloadWhosePodsGetDifferentAnswersHasNoOneAnswer() {
    String owner =
        "  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u}]\n";
    String pod =
        "apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: a\n  name: db-%s\n%s  labels: {part: '%s'}\n---\n";
    String manifests =
        Run.namespaces("a")
            + pod.formatted("0", owner, "0")
            + pod.formatted("1", owner, "1")
            + Run.pod("a", "y", "")
            + Run.policy("a", "p", "{podSelector: {matchLabels: {part: '1'}}}");

    Run run = check(manifests, "a/y", "a/db");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("UNDECIDABLE\na/y → a/db, 8080/TCP has no one answer: ")
        .contains("ALLOWED for a/y → a/db-0")
        .contains("DENIED for a/y → a/db-1");
  }

  @Test
  void aWorkloadAskedAboutItselfMeansTwoOfItsPods() {
    String manifests = Run.namespaces("a") + workload("Deployment", "w");
    String closed = manifests + Run.policy("a", "p", CLOSED);

    assertThat(check(closed, "a/w", "a/w").out()).startsWith("DENIED");
    assertThat(check(manifests, "a/w", "a/w").out()).startsWith("ALLOWED");
  }

  @Test
  void aPodOfAStatefulSetIsFoundByItsOrdinal() {
    String manifests =
        Run.namespaces("a") + workload("StatefulSet", "db") + workload("Deployment", "web");
    String closed = manifests + Run.policy("a", "p", CLOSED);

    assertThat(check(closed, "a/web", "a/db-0").out())
        .startsWith("DENIED")
        .contains("Here a/db stands for a/db-0.");
    assertThat(check(closed, "a/db-0", "a/db-1").out()).startsWith("DENIED");
    assertThat(check(closed, "a/db-1", "a/Pod/db-1").out())
        .startsWith("ALLOWED")
        .contains("always reaches itself");
    assertThat(check(closed, "a/web-0", "a/db").code()).isEqualTo(2);
    assertThat(check(closed, "a/db-01", "a/db").code()).isEqualTo(2);
  }

  private static String workload(String kind, String name) {
    return "apiVersion: apps/v1\nkind: %s\nmetadata: {namespace: a, name: '%s'}\nspec: {template: {metadata: {labels: {app: '%s'}}}}\n---\n"
        .formatted(kind, name, name);
  }

  @Test
  void aNameOfSeveralWorkloadsIsToldApartByKind() {
    String workload =
        "apiVersion: apps/v1\nkind: %s\nmetadata: {namespace: a, name: w}\n"
            + "spec: {template: {metadata: {labels: {kind: %s}}}}\n---\n";
    String manifests =
        Run.namespaces("a")
            + workload.formatted("Deployment", "d")
            + workload.formatted("StatefulSet", "s")
            + Run.pod("a", "y", "")
            + Run.policy("a", "p", "{podSelector: {matchLabels: {kind: s}}}");

    assertThat(check(manifests, "a/y", "a/Deployment/w").out()).startsWith("ALLOWED");
    assertThat(check(manifests, "a/y", "a/StatefulSet/w").out()).startsWith("DENIED");
    Run ambiguous = check(manifests, "a/y", "a/w");
    assertThat(ambiguous.code()).isEqualTo(2);
    assertThat(ambiguous.errors())
        .containsExactly("identity-audit: a/w may be any of a/Deployment/w, a/StatefulSet/w");
  }

  @Test
  void externalIsEveryPublicAddressAndHasNoAnswerWhereTheyDiffer() {
    String some = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]}";
    String pods = Run.namespaces("a") + Run.podAt("a", "x", "10.0.0.1");

    Run mixed = check(pods + Run.policy("a", "p", some), "external", "a/x");
    assertThat(mixed.code()).isEqualTo(1);
    assertThat(mixed.out())
        .startsWith("UNDECIDABLE")
        .contains("DENIED for 203.0.113.1")
        .contains("ALLOWED for 198.51.100.0");
    String world =
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}";
    assertThat(check(pods + Run.policy("a", "p", world), "external", "a/x").code()).isZero();
    String network = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    assertThat(check(pods + Run.policy("a", "p", network), "external", "a/x").out())
        .startsWith("DENIED");
  }

  @Test
  void externalHasTheFamiliesOfTheCluster() {
    String v4 = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}";
    String policy = Run.policy("a", "p", v4);

    assertThat(check(Run.podAt("a", "x", "10.0.0.1") + policy, "external", "a/x").out())
        .startsWith("ALLOWED");
    assertThat(check(Run.podAt("a", "x", "2001:db8:1::1") + policy, "external", "a/x").out())
        .startsWith("DENIED");
    assertThat(
            check(Run.podAt("a", "x", "10.0.0.1", "2001:db8:1::1") + policy, "external", "a/x")
                .out())
        .startsWith("UNDECIDABLE");
  }

  @Test
  void anAddressOfNoPodIsOutsideUnlessTheManifestsArePartial() {
    String block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    String manifests = Run.pod("a", "x", "") + Run.policy("a", "p", block);

    assertThat(check(manifests, "10.9.9.9", "a/x").out()).startsWith("ALLOWED");
    assertThat(check(manifests, "10.9.9.9", "a/x", "--partial").out()).startsWith("UNDECIDABLE");
  }

  @Test
  void partialManifestsMayLackTheOwnerOfAnAddressThoughAllTheirPodsHaveOne() {
    String block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    String manifests = Run.podAt("a", "x", "10.0.0.1") + Run.policy("a", "p", block);

    assertThat(check(manifests, "10.9.9.9", "a/x").out()).startsWith("ALLOWED");
    assertThat(check(manifests, "10.9.9.9", "a/x", "--partial").out())
        .startsWith("UNDECIDABLE")
        .contains("a pod or node that the manifests do not show may own it");
    assertThat(check(manifests, "10.0.0.1", "a/x", "--partial").out()).startsWith("ALLOWED");
  }

  @Test
  void anythingThatCannotBeReadMayOwnAnAddressThatNobodyHas() {
    String block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    String manifests = Run.podAt("a", "x", "10.0.0.1") + Run.policy("a", "p", block);
    String malformed = Run.policy("b", "q", "{podSelector: 7}");

    assertThat(check(manifests + malformed, "10.9.9.9", "a/x").out())
        .startsWith("UNDECIDABLE")
        .contains("what could not be read in the manifests may own it");
  }

  @Test
  void anAddressThatALostPodMayHaveIsNotTakenForOneOutside() {
    String lost = Run.pod("a", "lost", "status: {podIP: 10.0.0.300}");

    Run run = check(Run.pod("a", "x", "") + lost, "a/x", "10.0.0.30");

    assertThat(run.out()).startsWith("UNDECIDABLE");
    assertThat(run.err()).contains("cluster.yaml:").contains("error: Pod a/lost");
  }

  @Test
  void whetherBlocksMatchPodsCanBeSaid() {
    String block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    String manifests =
        Run.podAt("a", "x", "10.0.0.1")
            + Run.podAt("a", "y", "10.0.0.2")
            + Run.policy("a", "p", block);

    assertThat(check(manifests, "a/x", "a/y").out()).startsWith("ALLOWED");
    assertThat(check(manifests, "a/x", "a/y", "--pods-in-blocks", "ignore").out())
        .startsWith("DENIED");
    assertThat(check(manifests, "a/x", "a/y", "--pods-in-blocks", "undecidable").out())
        .startsWith("UNDECIDABLE");
  }

  @Test
  void whereThePodsOfTemplatesHaveTheirAddressesCanBeSaid() {
    String block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    String manifests =
        Run.namespaces("a")
            + workload("Deployment", "x")
            + workload("Deployment", "y")
            + Run.policy("a", "p", block);

    assertThat(check(manifests, "a/x", "a/y").out())
        .startsWith("UNDECIDABLE")
        .contains("--pod-cidr");
    assertThat(check(manifests, "a/x", "a/y", "--pod-cidr", "10.42.0.0/16").out())
        .startsWith("ALLOWED");
    assertThat(check(manifests, "external", "a/y", "--pod-cidr", "10.42.0.0/16").out())
        .startsWith("DENIED");
    Run both =
        check(
            manifests, "a/x", "a/y", "--pod-cidr", "10.42.0.0/16", "--pod-cidr", "192.168.0.0/16");
    assertThat(both.out())
        .startsWith("UNDECIDABLE")
        .contains("the caller's address is somewhere in 10.42.0.0/16 or 192.168.0.0/16");
    assertThat(check(manifests, "a/x", "a/y", "--pod-cidr", "10.42.0.0").code()).isEqualTo(2);
  }

  @Test
  void aNameThatMeansNobodyIsAnErrorThatNamesWhoThereIs() {
    Run run = check(Run.pod("a", "x", "") + Run.pod("a", "y", ""), "a/z", "a/x");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors())
        .containsExactly(
            "identity-audit: no pod or workload a/z is in the manifests; there are a/x, a/y");
  }

  @Test
  void aNameThatIsNearlyThatOfSomebodyIsAnErrorThatOffersIt() {
    String shop = Run.pod("shop", "web-0", "") + Run.pod("shop", "orders-0", "");

    assertThat(check(shop, "shop/wbe-0", "shop/web-0").errors())
        .containsExactly(
            "identity-audit: no pod or workload shop/wbe-0 is in the manifests; did you mean"
                + " `shop/web-0`?");
    assertThat(check(shop, "shpo/web-0", "shop/web-0").errors())
        .containsExactly(
            "identity-audit: no pod or workload shpo/web-0 is in the manifests; nothing is shown"
                + " in the namespace 'shpo'; did you mean `shop`?");
  }

  @ParameterizedTest
  @CsvSource({"a/pod/x", "a/POD/x", "External", "EXTERNAL"})
  void kindsAndExternalAreReadInAnyCase(String from) {
    assertThat(check(Run.pod("a", "x", "") + Run.pod("a", "y", ""), from, "a/y").out())
        .startsWith("ALLOWED");
  }

  @Test
  void aServiceIsAnErrorThatSaysWhichPodsItMeans() {
    String service =
        "{apiVersion: v1, kind: Service, metadata: {namespace: a, name: front}, spec: {selector:"
            + " {app: x, tier: web}}}\n";

    Run run = check(Run.pod("a", "x", "") + service, "a/x", "a/front");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err())
        .startsWith("identity-audit: a/front is a Service (")
        .contains("cluster.yaml:6)")
        .endsWith("policies see the pods behind it, app=x, tier=web; name one of them\n");
  }

  @Test
  void whoIsAskedForAndCannotBeReadIsPointedAt() {
    String broken = Run.pod("a", "RELEASE-cache", "");

    Run run = check(Run.pod("a", "x", "") + broken, "a/RELEASE-cache", "a/x");

    assertThat(run.out())
        .startsWith("UNDECIDABLE\n")
        .contains("cluster.yaml:8: error: Pod a/RELEASE-cache metadata.name: ")
        .contains("upper case is not allowed");
    Run other = check(Run.pod("a", "x", "") + "a: {b\n", "a/x", "a/anybody");
    assertThat(other.out()).startsWith("UNDECIDABLE\n").contains("cluster.yaml:7: error: ");
  }

  @Test
  void whatTheReportSaysIsLostIsThereAndHasNoAnswer() {
    Run run = check(Run.pod("a", "x", "") + Run.pod("a", "z", "spec: 7"), "a/z", "a/x");

    assertThat(run.out()).startsWith("UNDECIDABLE");
  }

  @Test
  void anAnswerFromManifestsWithErrorsEndsWithTwoUnlessTheseAreTolerated() throws Exception {
    String broken = Run.pod("a", "x", "") + Run.pod("a", "y", "") + Run.pod("a", "z", "spec: 7");

    Run run = check(broken, "a/x", "a/y");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).startsWith("ALLOWED\n");
    assertThat(run.errors()).hasSize(2);
    assertThat(run.errors().get(1)).contains("1 error(s)").contains("--tolerate-errors");
    Run tolerated = check(broken, "a/x", "a/y", "--tolerate-errors", "-o", "json");
    assertThat(tolerated.code()).isZero();
    assertThat(tolerated.errors()).hasSize(1);
    JsonNode problem = new ObjectMapper().readTree(tolerated.out()).at("/problems/0");
    assertThat(problem.get("severity").asText()).isEqualTo("ERROR");
    assertThat(problem.get("file").asText()).endsWith("cluster.yaml");
    assertThat(problem.get("line").asInt()).isEqualTo(14);
    assertThat(problem.get("namespace").asText() + problem.get("name").asText()).isEqualTo("az");
    assertThat(problem.get("field").asText()).isEqualTo("spec");
  }

  @Test
  void actionsAreCalledWhatTheManifestCallsThem() {
    String admin =
        """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: front}
        spec:
          priority: 1
          subject: {namespaces: {}}
          ingress: [{name: all, action: Allow, from: [{namespaces: {}}]}]
        ---
        """;

    Run run =
        check(
            Run.namespaces("a") + Run.pod("a", "x", "") + Run.pod("a", "y", "") + admin,
            "a/x",
            "a/y");

    assertThat(run.out()).startsWith("ALLOWED").contains("Allow by ").doesNotContain("Accept");
  }

  @Test
  void aWarningEndsNothing() {
    String untyped = "metadata: {namespace: a, name: p}\nspec: {podSelector: {}, ingress: [{}]}\n";

    assertThat(check(Run.pod("a", "x", "") + untyped, "external", "a/x").code()).isZero();
  }

  @Test
  void directoriesInADirectoryAreRead() throws Exception {
    Path pods = Files.createDirectories(directory.resolve("all/apps"));
    Path policies = Files.createDirectories(directory.resolve("all/policies/a"));
    Run.file(pods, "pods.yaml", Run.pod("a", "x", "") + Run.pod("a", "y", ""));
    Run.file(policies, "deny.yaml", Run.policy("a", "deny", CLOSED));

    Run run =
        Run.of("check", "-m", directory.resolve("all"), "--from", "a/x", "--to", "a/y", "-p", "80");

    assertThat(run.out()).startsWith("DENIED\n").contains("a/deny");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void manifestsAreReadFromAPipe() {
    String pods = Run.pod("a", "x", "") + Run.pod("a", "y", "");

    Run run =
        Run.piped(
            pods + Run.policy("a", "deny", "{podSelector: 7}"),
            "check",
            "-m",
            "-",
            "--from",
            "a/x",
            "--to",
            "a/y",
            "-p",
            "80");
    assertThat(run.out()).startsWith("DENIED\n");
    assertThat(run.err()).startsWith("<stdin>:14: error: NetworkPolicy a/deny spec.podSelector");
    Run twice =
        Run.piped(pods, "check", "-m", "-", "-m", "-", "--from", "a/x", "--to", "a/y", "-p", "80");
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.errors())
        .containsExactly(
            "identity-audit: standard input can be read once; name a file for one of the two");
  }

  @Test
  void aPodThatHasEndedHasNoAnswer() {
    Run run =
        check(
            Run.pod("a", "x", "") + Run.pod("a", "done", "status: {phase: Succeeded}"),
            "a/done",
            "a/x");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).startsWith("UNDECIDABLE").contains("has ended");
  }

  @Test
  void fromOutsideToOutsideIsNoQuestion() {
    Run run = check(Run.pod("a", "x", ""), "external", "external");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors())
        .containsExactly("identity-audit: at least one end must be in the cluster");
  }

  @Test
  void eachProblemOfTheManifestsIsToldOnceWithItsLine() {
    String bad = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/99}}]}]}";

    Run run = check(Run.pod("a", "x", "") + Run.policy("a", "p", bad), "external", "a/x");

    assertThat(run.out()).startsWith("UNDECIDABLE\n");
    assertThat(run.errors()).hasSize(2);
    assertThat(run.errors().get(0))
        .matches(".*cluster\\.yaml:9: error: NetworkPolicy a/p spec\\.ingress\\[0].*");
  }

  @Test
  void aPolicyThatDoesNotSayWhatItIsIsReadByItsFieldsWithAWarning() {
    String untyped = "metadata: {namespace: a, name: p}\nspec: " + CLOSED + "\n---\n";

    Run run = check(Run.pod("a", "x", "") + untyped, "external", "a/x");

    assertThat(run.out()).startsWith("DENIED").contains("a/p");
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("warning").contains("no apiVersion and kind");
  }

  @Test
  void textOfAManifestReachesTheTerminalHarmless() {
    String name = "\"p\\e[31m\\u202e\"";

    Run run = check(Run.pod("a", "x", "") + Run.policy("a", name, CLOSED), "external", "a/x");

    assertThat(run.out() + run.err()).doesNotContain("\u001b").doesNotContain("\u202e");
  }
}
