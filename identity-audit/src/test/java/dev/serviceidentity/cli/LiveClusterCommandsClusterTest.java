// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.Eventually;
import dev.serviceidentity.k8s.RealCluster;
import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check}, {@code expect} and {@code matrix} on a real API server. */
class LiveClusterCommandsClusterTest {
  private static RealCluster cluster;
  private static String shop;

  @TempDir private Path directory;

  @BeforeAll
  static void open() throws Exception {
    cluster = RealCluster.open();
    shop = cluster.namespace();
    ClusterRest.await(cluster);
    cluster.token("plain");
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-5d8f}
        spec:
          replicas: 0
          selector: {matchLabels: {app: nobody}}
          template:
            metadata: {labels: {app: nobody}}
            spec: {containers: [{name: main, image: none}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: orders}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]
        """);
    cluster.pod("orders-0", Map.of("app", "orders"), "plain", cluster.address(1));
    cluster.pod("other-0", Map.of("app", "other"), "plain", cluster.address(2));
    String owner =
        cluster
            .client()
            .apps()
            .replicaSets()
            .inNamespace(shop)
            .withName("web-5d8f")
            .get()
            .getMetadata()
            .getUid();
    // Its owner does not select it, so that no controller takes it away.
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-5d8f-abcde
          labels: {app: web, pod-template-hash: 5d8f}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8f, uid: %s}]
        spec: {serviceAccountName: plain, containers: [{name: main, image: none}]}
        """
            .formatted(owner));
    cluster.status("web-5d8f-abcde", "Running", cluster.address(3));
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Run check(Object... more) {
    return Run.of(
        Stream.concat(Stream.of("check", "--kubeconfig", RealCluster.kubeconfig()), Stream.of(more))
            .toArray());
  }

  private static Object[] fromTo(String from, String to) {
    return new Object[] {"--from", shop + "/" + from, "--to", shop + "/" + to, "-p", "8080"};
  }

  @Test
  void aFlowIsDecidedByWhatTheClusterHasNow() {
    Run allowed = check(fromTo("web", "orders-0"));
    assertThat(allowed.code()).as(allowed.err()).isZero();
    assertThat(allowed.out()).startsWith("ALLOWED").contains("orders");

    Run denied = check(fromTo("other-0", "orders-0"));
    assertThat(denied.code()).isEqualTo(1);
    assertThat(denied.out()).startsWith("DENIED");
  }

  @Test
  void aWorkloadOfWhichOnlyPodsAreSeenIsKnownByTheNameOfItsDeployment() {
    assertThat(check(fromTo("Deployment/web", "orders-0")).out()).startsWith("ALLOWED");
    Run unknown = check(fromTo("wbe", "orders-0"));
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.errors())
        .singleElement()
        .asString()
        .contains("no pod or workload " + shop + "/wbe is in the cluster; did you mean")
        .contains(shop + "/web");
  }

  @Test
  void expectationsAreTestedOnALiveCluster() {
    Path file =
        Run.file(
            directory,
            "e.yaml",
            """
            - {from: %1$s/web, to: %1$s/orders-0, port: 8080, expect: ALLOWED}
            - {from: %1$s/other-0, to: %1$s/orders-0, port: 8080, expect: DENIED}
            """
                .formatted(shop));
    Run run = Run.of("expect", "--kubeconfig", RealCluster.kubeconfig(), "-e", file);
    assertThat(run.code()).as(run.out() + run.err()).isZero();
  }

  @Test
  void theMatrixOfALiveClusterNamesItsOrigin() {
    String file = RealCluster.kubeconfig().toString();
    Run json = Run.within(Map.of("KUBECONFIG", file), "matrix", "--kubeconfig", "-n", shop);
    assertThat(json.code()).as(json.err()).isZero();
    assertThat(json.out()).contains(shop + "/web", "orders-0", "TCP 8080");

    Run page = Run.of("matrix", "--kubeconfig", file, "-n", shop, "-o", "html");
    assertThat(page.out()).contains(file);
  }

  @Test
  void theContextAloneMeansTheUsualKubeconfig() throws Exception {
    Path home = Files.createDirectories(directory.resolve(".kube"));
    Files.copy(RealCluster.kubeconfig(), home.resolve("config"));
    String context = RealCluster.config().getCurrentContext().getName();
    Run run =
        Run.within(
            Map.of("HOME", directory.toString()),
            Stream.concat(
                    Stream.of("check", "--context", context), Stream.of(fromTo("web", "orders-0")))
                .toArray());
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void aContextThatIsNotThereIsNotTakenForTheCurrentOne() {
    Run run = check(with("--context", "production"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors())
        .singleElement()
        .asString()
        .contains("no context 'production'", RealCluster.config().getCurrentContext().getName());
  }

  @Test
  void credentialsThatAreNotAcceptedAreTold() throws Exception {
    Run run = checkBy(kubeconfig("who.knows"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors())
        .singleElement()
        .asString()
        .contains("does not accept the credentials", "401", "--context");
  }

  @Test
  void aMissingRightIsNamedAndNoAnswerCounts() throws Exception {
    cluster.token("reader");
    cluster.grant("reader", List.of("pods", "namespaces", "nodes"));
    Path file = kubeconfig(cluster.token("reader"));
    // RBAC is not in force at once.
    Run run =
        Eventually.eventually(
            "pods are seen", () -> checkBy(file), each -> !each.err().contains("watch pods"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).startsWith("UNDECIDABLE");
    assertThat(run.err()).contains("grant it", "--tolerate-errors");
  }

  @Test
  void aServerThatIsNotThereIsTold() throws Exception {
    Config config = RealCluster.config();
    Path file = kubeconfig("x");
    Files.writeString(
        file, Files.readString(file).replace(config.getMasterUrl(), "https://127.0.0.1:1/"));
    Run run = checkBy(file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors())
        .singleElement()
        .asString()
        .contains("https://127.0.0.1:1/ cannot be reached", file.toString());
  }

  private static Object[] with(Object... more) {
    return Stream.concat(Stream.of(fromTo("web", "orders-0")), Stream.of(more)).toArray();
  }

  private static Run checkBy(Path file) {
    return Run.of(
        Stream.concat(
                Stream.of("check", "--kubeconfig", file), Stream.of(fromTo("web", "orders-0")))
            .toArray());
  }

  /** A kubeconfig of the same cluster with a token. */
  private Path kubeconfig(String token) {
    Config admin = RealCluster.config();
    return Run.file(
        directory,
        "kubeconfig",
        """
        apiVersion: v1
        kind: Config
        current-context: x
        clusters: [{name: c, cluster: {server: "%s", certificate-authority-data: %s}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        """
            .formatted(admin.getMasterUrl(), admin.getCaCertData(), token));
  }
}
