// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.StalePolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a view does while its API server is dead or frozen, and afterwards. */
@ResourceLock(value = RealCluster.WHOLE_VIEWS, mode = ResourceAccessMode.READ)
class OutageClusterTest {
  private static final Duration SERVE_STALE = Duration.ofMinutes(5);

  private final ShiftedClock clock = new ShiftedClock();
  private RealCluster cluster;
  private ApiServerProcess server;
  private KubernetesClient client;
  private KubernetesNetwork network;

  @BeforeEach
  void open() throws Exception {
    cluster = RealCluster.open();
    server = ApiServerProcess.open();
    client = server.client();
    cluster.pod("web", Map.of("app", "web"), "web", cluster.address(1));
    cluster.pod("orders", Map.of("app", "orders"), "orders", cluster.address(2));
    network =
        KubernetesNetwork.using(client)
            .wholeCluster()
            .openTimeout(RealCluster.PATIENCE)
            .stale(StalePolicy.serveStaleFor(SERVE_STALE))
            .clock(clock)
            .open();
    assertThat(decision().verdict()).isEqualTo(Verdict.ALLOWED);
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, client, server, cluster);
  }

  private Flow flow() {
    String namespace = cluster.namespace();
    return TestCluster.flow(namespace + "/web", namespace + "/orders", "8080", Side.INGRESS);
  }

  private PolicyDecision decision() {
    return network.check(flow());
  }

  private void becomes(Status status, String detail) throws Exception {
    eventually(
        status + " because of " + detail,
        network::health,
        each -> each.status() == status && each.detail().contains(detail));
  }

  private void becomes(Verdict verdict) throws Exception {
    eventually(verdict.toString(), this::decision, each -> each.verdict() == verdict);
  }

  private void servesAndThenDoesNot() throws Exception {
    Instant proven = network.stamp().provenAt();
    clock.advance(StalePolicy.FRESH);
    becomes(Status.DEGRADED, "the view is stale: last proven at ");
    assertThat(decision().verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(decision().stamp().provenAt()).isBeforeOrEqualTo(proven.plusSeconds(30));
    clock.advance(SERVE_STALE);
    becomes(Verdict.UNDECIDABLE);
    becomes(Status.DOWN, "last proven at");
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

  @Test
  void aDeadServerIsNamedAndDecisionsGoOnForAWhile() throws Exception {
    server.kill();
    becomes(Status.DEGRADED, "pods: https://127.0.0.1");
    servesAndThenDoesNot();
    server.start();
    becomes(Verdict.ALLOWED);
    becomes(Status.UP, "pods=");
  }

  @Test
  void aFrozenServerIsNamedAndDecisionsGoOnForAWhile() throws Exception {
    server.freeze();
    becomes(Status.DEGRADED, "has sent nothing for");
    servesAndThenDoesNot();
    deny();
    server.thaw();
    becomes(Verdict.DENIED);
    becomes(Status.UP, "pods=");
  }

  @Test
  void whatHappenedWhileTheServerWasDownIsSeenAfterwards() throws Exception {
    server.kill();
    deny();
    cluster.deletePod("web");
    server.start();
    becomes(Verdict.UNDECIDABLE);
    assertThat(decision().explanation(flow()).render()).contains("no pod");
    cluster.pod("web", Map.of("app", "web"), "web", cluster.address(1));
    becomes(Verdict.DENIED);
    becomes(Status.UP, "pods=");
  }

  @Test
  void aServerThatNeverAnswersIsNamedWhenAViewIsOpened() throws Exception {
    server.kill();
    assertThatThrownBy(
            () ->
                KubernetesNetwork.using(client)
                    .wholeCluster()
                    .openTimeout(Duration.ofSeconds(2))
                    .open())
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("The cluster at https://127.0.0.1")
        .hasMessageContaining("pods: ");
  }
}
