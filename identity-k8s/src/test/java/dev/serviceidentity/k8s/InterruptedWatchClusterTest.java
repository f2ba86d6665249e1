// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Watches that end before their time, and such as cannot go on where they ended. */
@ResourceLock(value = RealCluster.WHOLE_VIEWS, mode = ResourceAccessMode.READ)
class InterruptedWatchClusterTest {
  private static final int GONE = 410;

  private RealCluster cluster;
  private KubernetesClient client;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    cluster.pod("web", Map.of("app", "web"), "web", cluster.address(1));
    cluster.pod("orders", Map.of("app", "orders"), "orders", cluster.address(2));
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, client, cluster);
  }

  private void openView() throws Exception {
    network =
        KubernetesNetwork.using(client).wholeCluster().openTimeout(RealCluster.PATIENCE).open();
    becomes(Verdict.ALLOWED);
  }

  private void becomes(Verdict verdict) throws Exception {
    String namespace = cluster.namespace();
    Flow flow = TestCluster.flow(namespace + "/web", namespace + "/orders", "8080", Side.INGRESS);
    eventually(verdict.toString(), () -> network.check(flow).verdict(), each -> each == verdict);
  }

  private void isUp() throws Exception {
    eventually("it is up", network::health, each -> each.status() == Status.UP);
  }

  private void deny() {
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed}
        spec: {podSelector: {matchLabels: {app: orders}}, policyTypes: [Ingress]}
        """);
  }

  private void allow() {
    cluster.client().network().v1().networkPolicies().inNamespace(cluster.namespace()).delete();
  }

  @Test
  void aConnectionThatIsCutLosesNothing() throws Exception {
    try (var forwarder = new Forwarder()) {
      client = forwarder.client();
      openView();
      for (int i = 0; i < 3; i++) {
        eventually("a connection is cut", forwarder::cut, ended -> ended > 0);
        deny();
        becomes(Verdict.DENIED);
        eventually("a connection is cut", forwarder::cut, ended -> ended > 0);
        allow();
        becomes(Verdict.ALLOWED);
      }
      isUp();
    }
  }

  /** A server that has just begun remembers nothing of what was before. */
  @Test
  void whatAHistoryThatIsTooShortDoesNotTellIsListedAnew() throws Exception {
    try (ApiServerProcess server = ApiServerProcess.open()) {
      client = server.client();
      openView();
      String position = network.stamp().version().replaceFirst(".*\\bpods@(\\d+).*", "$1");
      server.kill();
      deny();
      cluster.deletePod("web");
      cluster.pod("web", Map.of("app", "web"), "web", cluster.address(1));
      server.start();
      assertThat(answerToAWatchFrom(position)).contains("\"code\":" + GONE);
      becomes(Verdict.DENIED);
      allow();
      becomes(Verdict.ALLOWED);
      isUp();
    }
  }

  private String answerToAWatchFrom(String position) {
    try {
      return client.raw("/api/v1/pods?watch=true&timeoutSeconds=5&resourceVersion=" + position);
    } catch (KubernetesClientException refused) {
      return "\"code\":" + refused.getCode();
    }
  }
}
