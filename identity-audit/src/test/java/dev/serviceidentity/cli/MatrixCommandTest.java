// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixCommandTest {
  @TempDir private Path directory;

  private Run matrix(String manifests, Object... more) {
    Path file = Run.file(directory, "cluster.yaml", manifests);
    return Run.of(Stream.concat(Stream.of("matrix", "-m", file), Stream.of(more)).toArray());
  }

  /** What is written now stands in target/golden, to be compared and taken over by hand. */
  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "csv", "dot", "html"})
  void theShopIsShownAsItWas(String format) throws IOException {
    Run run = Run.of("matrix", "-m", Run.SHOP, "--output", format);

    Path now = Files.createDirectories(Path.of("target/golden")).resolve("shop." + format);
    Files.writeString(now, run.out());
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    try (var golden = MatrixCommandTest.class.getResourceAsStream("shop." + format)) {
      assertThat(golden).as("shop." + format).isNotNull();
      assertThat(run.out()).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void rangesOfPortsAreAsLargeAsPoliciesLeaveThem() {
    String policy =
        "{podSelector: {matchLabels: {app: x}}, ingress: [{ports: [{port: 80}, {port: 8000, endPort:"
            + " 8010}, {port: 81}, {protocol: UDP, port: 53}, {protocol: SCTP}, {port: web}]}]}";
    String named =
        Run.pod(
            "a", "x", "spec: {containers: [{name: c, ports: [{name: web, containerPort: 9000}]}]}");

    Run run = matrix(named + Run.pod("a", "y", "") + Run.policy("a", "p", policy));

    assertThat(run.out())
        .contains("a/y       a/x       TCP 80-81, 8000-8010, 9000; UDP 53; SCTP all\n");
    assertThat(run.out()).contains("a/x       a/y       all ports\n");
  }

  @Test
  void portsThatAreNamedAreAskedAlone() throws Exception {
    Run run = Run.of("matrix", "-m", Run.SHOP, "-p", "8443", "-p", "53/UDP", "--output", "json");

    JsonNode flows = new ObjectMapper().readTree(run.out()).get("flows");
    assertThat(flows).hasSize(20).allSatisfy(flow -> assertThat(flow.get("ports")).hasSize(2));
  }

  @Test
  void podsOfOneWorkloadAreOnePartyAndReachEachOther() {
    String owner =
        "  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u}]\n";
    String pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: a\n  name: db-%s\n%s---\n";

    Run run = matrix(pod.formatted("0", owner) + pod.formatted("1", owner) + Run.pod("a", "y", ""));

    assertThat(run.out().lines().skip(1).map(line -> line.replaceAll(" +", " ")))
        .contains("a/db a/db all ports", "a/db a/y all ports", "a/y a/db all ports")
        .noneMatch(line -> line.startsWith("a/y a/y") || line.contains("db-"));
  }

  @Test
  void aWorkloadWhosePodsDifferIsUndecidableThere() {
    String owner =
        "  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u}]\n";
    String pod =
        "apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: a\n  name: db-%s\n%s  labels: {part: '%s'}\n---\n";

    Run run =
        matrix(
            pod.formatted("0", owner, "0")
                + pod.formatted("1", owner, "1")
                + Run.pod("a", "y", "")
                + Run.policy("a", "p", "{podSelector: {matchLabels: {part: '1'}}}"));

    assertThat(run.out()).contains("UNDECIDABLE");
    assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains("a/y a/db all ports");
    Run picture = Run.of("matrix", "-m", directory.resolve("cluster.yaml"), "-o", "dot");
    assertThat(picture.out()).contains("style=dashed");
  }

  @Test
  void podsThatHaveEndedAreNotShown() {
    Run run = matrix(Run.pod("a", "x", "") + Run.pod("a", "done", "status: {phase: Failed}"));

    assertThat(run.out()).contains("a/x").doesNotContain("done");
  }

  @Test
  void whatErrorsHideIsSaidToBeMissing() throws Exception {
    Run run = matrix(Run.pod("a", "x", "") + Run.pod("a", "lost", "spec: 7"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).contains("have 1 error(s)").doesNotContain("lost");
    assertThat(run.errors()).hasSize(2);
    Path file = directory.resolve("cluster.yaml");
    Run json = Run.of("matrix", "-m", file, "-o", "json", "--tolerate-errors");
    assertThat(json.code()).isZero();
    assertThat(new ObjectMapper().readTree(json.out()).get("problems")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "csv", "dot", "html"})
  void manifestsWithoutAnyPodAreNoMatrix(String format) {
    Run run = matrix(Run.policy("a", "p", "{podSelector: {}}"), "-o", format);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("no pod or workload in the manifests");
  }

  private static final String THREE =
      Run.pod("a", "x", "") + Run.pod("b", "y", "") + Run.pod("c", "z", "");

  @Test
  void oneNamespaceIsShownWithWhoeverItHasToDoWith() {
    Run run = matrix(THREE + Run.policy("c", "p", "{podSelector: {}}"), "--namespace", "a");

    assertThat(rows(run))
        .containsExactly(
            "a/x b/y all ports",
            "a/x external all ports",
            "b/y a/x all ports",
            "c/z a/x all ports",
            "external a/x all ports");
    assertThat(run.out()).contains("5 of 6 pairs are allowed something; the others are denied.");
    assertThat(rows(matrix(THREE, "-n", "a", "-n", "b"))).hasSize(10);
    Run unknown = matrix(THREE.replace("namespace: a", "namespace: shop"), "-n", "shpo");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.errors())
        .containsExactly(
            "identity-audit: no pod or workload is in the namespace 'shpo'; there are b, c, shop;"
                + " did you mean `shop`?");
  }

  @Test
  void oneVerdictIsShownAlone() throws Exception {
    String some =
        THREE + Run.policy("c", "p", "{podSelector: {}, ingress: [{ports: [{port: 80}]}]}");

    Run denied = matrix(some, "--only", "denied");
    assertThat(denied.out()).startsWith("FROM      TO   DENIED\n");
    assertThat(rows(denied))
        .containsExactly(
            "a/x c/z TCP 1-79, 81-65535; UDP all; SCTP all",
            "b/y c/z TCP 1-79, 81-65535; UDP all; SCTP all",
            "external c/z TCP 1-79, 81-65535; UDP all; SCTP all");
    assertThat(denied.out()).contains("\n12 of 12 pairs are allowed something.");
    Run allowed = matrix(some, "--only", "allowed", "-n", "c", "-o", "csv");
    assertThat(allowed.out()).contains("a/x,c/z,TCP,80,80,ALLOWED\n").doesNotContain("DENIED");
    JsonNode flows =
        new ObjectMapper().readTree(matrix(some, "--only", "denied", "-o", "json").out());
    assertThat(flows.get("flows")).hasSize(3);
    assertThat(rows(matrix(some, "--only", "undecidable"))).isEmpty();
    assertThat(matrix(some, "--only", "denied", "-o", "dot").code()).isEqualTo(2);
  }

  private static List<String> rows(Run run) {
    return run.out()
        .lines()
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(line -> line.replaceAll(" +", " "))
        .toList();
  }

  @Test
  void portsThatAreNamedAreSorted() {
    String policy = "{podSelector: {}, ingress: [{ports: [{port: 443}, {port: 9090}]}]}";

    Run run =
        matrix(
            Run.pod("a", "x", "") + Run.pod("a", "y", "") + Run.policy("a", "p", policy),
            "-p",
            "9090",
            "-p",
            "53/UDP",
            "-p",
            "443");

    assertThat(rows(run)).contains("a/x a/y TCP 443, 9090");
  }

  @Test
  void aNameStaysTextInEveryFormat() {
    var odd = new Party("a/<i>\"q\\", "a", List.of(), false);
    var matrix =
        new Matrix(
            List.of(odd),
            List.of(new Reach(odd, odd, List.of(new Span(Protocol.TCP, 1, 2, Verdict.ALLOWED)))),
            new Tally(1, 1, 0, 1, 0));
    var csv = new StringWriter();
    new MatrixData(matrix).csv(new PrintWriter(csv));

    assertThat(new MatrixPage(matrix, "<odd>").render())
        .contains("a/&lt;i&gt;&quot;q\\")
        .contains("&lt;odd&gt;")
        .doesNotContain("<i>");
    assertThat(csv.toString()).contains("\n\"a/<i>\"\"q\\\",\"a/<i>\"\"q\\\",TCP,1,2,ALLOWED\n");
    assertThat(new MatrixDot(matrix).render()).contains("\"a/<i>\\\"q\\\\\"");
  }

  @Test
  void aListOfPortsThatIsTooLongIsCutBeforeItIsQuotedForGraphviz() {
    Path file = Run.file(directory, "cluster.yaml", Run.scatteredPorts());
    Run run = Run.of("matrix", "-m", file, "--output", "dot");

    assertThat(run.out().lines().filter(line -> line.contains("->")))
        .anyMatch(line -> line.contains("TCP 10000, 10002"))
        .allMatch(line -> line.endsWith("\"];"));
    assertThat(run.out()).contains("…\"];");
  }
}
