// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {namespace: shop, name: web, labels: {role: frontend}}
      status: {podIP: 10.0.0.1}
      """;

  @TempDir private Path directory;

  private Manifests read(String... files) throws IOException {
    for (int i = 0; i < files.length; i++) {
      Files.writeString(directory.resolve("f" + i + ".yaml"), files[i]);
    }
    return ManifestReader.read(List.of(directory), Loopback.IGNORED);
  }

  private static List<String> names(Manifests manifests) {
    return manifests.facts().pods().stream().map(PodFacts::displayName).toList();
  }

  @Test
  void aDirectoryIsReadInTheOrderOfNames() throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "no manifest");
    Files.writeString(directory.resolve("z.yml"), POD.replace("web", "last"));
    Files.writeString(
        directory.resolve("a.json"),
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\t\"metadata\":{\"namespace\":\"shop\",\"name\":\"first\"}}");

    assertThat(names(read(POD))).containsExactly("shop/first", "shop/web", "shop/last");
  }

  @Test
  void aListGivesItsItemsEvenWhereTheyDoNotSayWhatTheyAre() throws IOException {
    Manifests manifests =
        read(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: a}}
            - {apiVersion: v1, kind: Pod, metadata: {name: b}}
            """,
            "{apiVersion: v1, kind: PodList, items: [{metadata: {namespace: shop, name: c}}]}");

    assertThat(names(manifests)).containsExactly("shop/a", "default/b", "shop/c");
  }

  @Test
  void workloadsStandAsOnePodEach() throws IOException {
    String template = "template: {metadata: {labels: {a: b}}, spec: {serviceAccountName: s}}";
    Manifests manifests =
        read(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {%s}}"
                .formatted(template),
            "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: b}, spec: {%s}}"
                .formatted(template),
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: c}, spec: {%s}}"
                .formatted(template),
            "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: d}, spec: {%s}}"
                .formatted(template),
            "{apiVersion: batch/v1, kind: Job, metadata: {name: e}, spec: {%s}}"
                .formatted(template),
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: f}, spec: {jobTemplate: {spec: {%s}}}}"
                .formatted(template),
            "{apiVersion: v1, kind: ReplicationController, metadata: {name: g}, spec: {%s}}"
                .formatted(template));

    assertThat(manifests.facts().pods())
        .hasSize(7)
        .allSatisfy(
            pod -> {
              assertThat(pod.placement().lifecycle()).isEqualTo(Lifecycle.TEMPLATE);
              assertThat(pod.labels()).containsEntry("a", "b");
              assertThat(pod.runsAs()).hasToString("default/s");
            });
    assertThat(manifests.report().findings()).isEmpty();
  }

  @Test
  void aWorkloadWhosePodsAreThereDoesNotStandBesideThem() throws IOException {
    Manifests manifests =
        read(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: web}, spec:"
                + " {template: {metadata: {labels: {a: b}}}}}",
            "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {namespace: shop, name: web-1,"
                + " ownerReferences: [{kind: Deployment, name: web}]}, spec: {template: {metadata: {labels: {a: b, h: x}}}}}",
            "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-1-x, labels: {a: b,"
                + " h: x}, ownerReferences: [{kind: ReplicaSet, name: web-1}]}, status: {podIP: 10.0.0.1}}");

    assertThat(names(manifests)).containsExactly("shop/web-1-x");
    assertThat(manifests.facts().gaps().owners()).isEmpty();
  }

  @Test
  void aBrokenDocumentLosesNoOther() throws IOException {
    Manifests manifests = read(POD + "---\na: {b\n---\n" + POD.replace("web", "api"));

    assertThat(names(manifests)).containsExactly("shop/web", "shop/api");
    assertThat(manifests.facts().gaps().policies()).hasSize(1);
    Finding finding = manifests.report().of(Severity.ERROR).get(0);
    assertThat(finding.place().line()).isEqualTo(7);
    assertThat(finding.message()).contains("cannot be read as YAML or JSON");
  }

  @Test
  void whatIsTheSameTwiceCountsOnce() throws IOException {
    Manifests manifests = read(POD, POD);

    assertThat(names(manifests)).containsExactly("shop/web");
    assertThat(manifests.report().findings()).isEmpty();
  }

  @Test
  void twoPodsOfOneNameAreBothLeftOutAndReported() throws IOException {
    Manifests manifests = read(POD, POD.replace("frontend", "admin"));

    assertThat(manifests.facts().pods()).isEmpty();
    assertThat(manifests.facts().gaps().owners()).isNotEmpty();
    assertThat(manifests.report().of(Severity.ERROR))
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding.message()).contains("neither is used"));
  }

  @Test
  void aNamespaceOrNodeBesideACopyThatCannotBeReadIsNotKnown() throws IOException {
    Manifests manifests =
        read(
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: 1}}}",
            "{apiVersion: v1, kind: Node, metadata: {name: n1}}",
            "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: []}");

    assertThat(manifests.facts().namespaces()).isEmpty();
    assertThat(manifests.facts().nodes()).isEmpty();
  }

  @Test
  void twoPoliciesOfOneNameIsolateAndAdmitNothing() throws IOException {
    String policy =
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name:"
            + " p}, spec: {ingress: [{ports: [{port: %s}]}]}}";
    Manifests manifests = read(policy.formatted("80"), policy.formatted("81"));

    assertThat(manifests.facts().policies().ofNamespaces())
        .hasSize(2)
        .allSatisfy(p -> assertThat(p.rules().values()).allMatch(List::isEmpty));
  }

  @Test
  void aMissingPathIsAConfigurationError() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> ManifestReader.read(List.of(directory.resolve("none")), Loopback.IGNORED))
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("none");
  }

  @Test
  void aFileThatMayNotBeReadSaysSoAndWhatToDo() {
    var denied =
        ManifestFiles.unreadable("20-pods.yaml", new AccessDeniedException("20-pods.yaml"));

    assertThat(denied.code()).isEqualTo(IdentityException.Code.CONFIGURATION);
    assertThat(denied).hasMessageContaining("'20-pods.yaml'").hasMessageContaining("permission");
    assertThat(denied.getMessage()).contains("chmod").doesNotContain(": 20-pods.yaml");
  }

  @Test
  void aFileThatIsGoneAndOneThatFailsSaySo() {
    assertThat(ManifestFiles.unreadable("a", new NoSuchFileException("a")))
        .hasMessageContaining("gone");
    assertThat(ManifestFiles.unreadable("a", new IOException("Input/output error")))
        .hasMessageContaining("IOException: Input/output error");
  }

  @Test
  void nothingReadAtAllIsAConfigurationErrorThatSaysWhy() {
    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> read("a: {b\n"))
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("f0.yaml:2");
  }

  @Test
  void textThatIsNotUtf8IsLostAndReported() throws IOException {
    Files.write(directory.resolve("latin.yaml"), "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));

    Manifests manifests = read(POD);

    assertThat(manifests.report().of(Severity.ERROR))
        .singleElement()
        .asString()
        .contains("latin.yaml:1", "not UTF-8");
    assertThat(manifests.facts().gaps().policies()).isNotEmpty();
  }

  @Test
  void theDigestNamesTheContent() throws IOException {
    String first = read(POD).digest();

    assertThat(read(POD).digest()).isEqualTo(first).startsWith("sha256:");
    assertThat(read(POD + "\n").digest()).isNotEqualTo(first);
  }

  @Test
  void aLoopbackAddressCountsOnlyWhereItIsTrusted() throws IOException {
    Files.writeString(directory.resolve("p.yaml"), POD.replace("10.0.0.1", "127.10.0.5"));

    Manifests ignored = ManifestReader.read(List.of(directory), Loopback.IGNORED);
    Manifests trusted = ManifestReader.read(List.of(directory), Loopback.TRUSTED);

    assertThat(ignored.facts().pods().get(0).placement().addresses()).isEmpty();
    assertThat(ignored.report().of(Severity.WARNING)).hasSize(1);
    assertThat(trusted.facts().pods().get(0).placement().addresses())
        .extracting(Object::toString)
        .containsExactly("127.10.0.5");
  }

  @Test
  void aPolicyKeepsWhatIsWellFormed() throws IOException {
    PolicyFacts policy =
        read("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {namespace: shop, name: p}
                spec: {policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}]}
                """)
            .facts()
            .policies()
            .ofNamespaces()
            .get(0);

    assertThat(policy.rules()).hasSize(2);
  }
}
