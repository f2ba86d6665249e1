// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.RealCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A probe from a pod, with a real API server and real sockets")
class ProbeClusterTest {
  private static RealCluster cluster;
  private static String shop;
  private static ServerSocket open;
  private static ServerSocket closed;
  private static int unused;

  @BeforeAll
  static void open() throws Exception {
    cluster = RealCluster.open();
    shop = cluster.namespace();
    ClusterRest.await(cluster);
    cluster.token("plain");
    open = new ServerSocket(0, 5, InetAddress.getByName("127.77.0.2"));
    closed = new ServerSocket(0, 5, InetAddress.getByName("127.77.0.3"));
    try (var soon = new ServerSocket(0, 5, InetAddress.getByName("127.77.0.4"))) {
      unused = soon.getLocalPort();
    }
    pod("web-0", "web", "127.77.0.1", 80);
    pod("open-0", "open", "127.77.0.2", open.getLocalPort());
    pod("closed-0", "closed", "127.77.0.3", closed.getLocalPort());
    pod("idle-0", "closed", "127.77.0.4", unused);
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed}
        spec: {podSelector: {matchLabels: {app: closed}}, policyTypes: [Ingress]}
        """);
  }

  private static void pod(String name, String app, String address, int port) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        spec:
          serviceAccountName: plain
          containers:
          - {name: main, image: none, ports: [{containerPort: %d, protocol: TCP}]}
        """
            .formatted(name, app, port));
    cluster.status(name, "Running", address);
  }

  @AfterAll
  static void close() throws IOException {
    if (cluster != null) {
      open.close();
      closed.close();
      cluster.close();
    }
  }

  private static Run probe(Object... more) {
    return Run.of(
        Stream.concat(
                Stream.of(
                    "probe",
                    "--kubeconfig",
                    RealCluster.kubeconfig(),
                    "--own-pod",
                    shop + "/web-0",
                    "--trust-loopback-pods"),
                Stream.of(more))
            .toArray());
  }

  private static String to(String pod, int port) {
    return shop + "/" + pod + ":" + port;
  }

  @Test
  void reportsADeniedConnectionThatIsPossible() {
    Run run = probe("--to", to("closed-0", closed.getLocalPort()));

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("NOT ENFORCED: ")
        .contains("connected; denied by ingress of " + shop + "/closed-0");
  }

  @Test
  void choosesDeniedConnectionsAndAControlByItself() {
    Run run = probe("-o", "json");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out())
        .contains("\"meaning\" : \"NOT_ENFORCED\"", shop + "/closed-0", "\"CONTROL\"");
  }

  @Test
  void takesARefusalForPossibleUnlessThePluginRejects() {
    String control = to("open-0", open.getLocalPort());
    Run dropping = probe("--to", to("idle-0", unused), "--to", control);
    assertThat(dropping.code()).isEqualTo(1);
    assertThat(dropping.out()).contains("refused; denied by", "--plugin-rejects");

    Run rejecting = probe("--plugin-rejects", "--to", to("idle-0", unused), "--to", control);
    assertThat(rejecting.code()).as(rejecting.out()).isZero();
    assertThat(rejecting.out()).startsWith("ENFORCED: ").contains("control", "as denied");
  }

  @Test
  void saysNothingWithoutAControlThatWorks() {
    Run run = probe("--plugin-rejects", "--to", to("idle-0", unused));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).startsWith("SAYS NOTHING: no connection that the policies allow");
  }

  @Test
  void saysNothingIfNothingDeniedWasTried() {
    Run run = probe("--to", to("open-0", open.getLocalPort()));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).startsWith("SAYS NOTHING: nothing that the policies deny");
  }

  @Test
  void triesNothingFromElsewhereThanItsOwnPod() {
    // RFC 5737: nobody has it.
    pod("away-0", "web", "192.0.2.1", 80);
    Run run =
        Run.of(
            "probe",
            "--kubeconfig",
            RealCluster.kubeconfig(),
            "--own-pod",
            shop + "/away-0",
            "--trust-loopback-pods",
            "--to",
            to("closed-0", closed.getLocalPort()));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("does not run in the pod " + shop + "/away-0", "192.0.2.1");
  }

  @Test
  void namesAPodThatIsNotThere() {
    Run run = probe("--to", to("nobody-0", 80));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("no other pod " + shop + "/nobody-0 with an address");
  }
}
