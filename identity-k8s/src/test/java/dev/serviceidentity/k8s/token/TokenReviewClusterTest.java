// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.k8s.ApiServerProcess;
import dev.serviceidentity.k8s.RealCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real API server says about tokens of callers, and what is made of it. */
class TokenReviewClusterTest {
  private RealCluster cluster;
  private TokenIdentity identity;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    cluster.token("web");
    cluster.pod("web-1", Map.of(), "web", cluster.address(1));
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(identity, cluster);
  }

  @Test
  void aPodsTokenNamesItsServiceAccountAndItsPod() throws Exception {
    identity = reviewing(cluster.client(), Duration.ofSeconds(30));
    String token = ClusterTokens.ofPod(cluster, "web", "web-1", "orders");

    Caller caller = verify(token).orElseThrow();

    assertThat(caller.principal().nativeName())
        .isEqualTo(
            "system:serviceaccount:"
                + cluster.namespace()
                + ":web@kubernetes.default.svc.cluster.local");
    assertThat(caller.boundPod().orElseThrow().name()).isEqualTo("web-1");
    assertThat(caller.boundPod().orElseThrow().uid()).hasSize(36);
    // It is remembered: this needs no answer.
    assertThat(identity.callers().verify(Requests.bearer(token)).orElseThrow()).isEqualTo(caller);
  }

  @Test
  void aTokenOfNoPodNamesItsServiceAccountAlone() throws Exception {
    identity = reviewing(cluster.client(), Duration.ofSeconds(30));

    Caller caller = verify(ClusterTokens.ofAccount(cluster, "web", "orders")).orElseThrow();

    assertThat(caller.boundPod()).isEmpty();
  }

  @Test
  void aTokenForOthersIsRefused() throws Exception {
    identity = reviewing(cluster.client(), Duration.ofSeconds(30));

    assertThat(reason(ClusterTokens.ofPod(cluster, "web", "web-1", "billing")))
        .isEqualTo(TokenRejection.OTHER_AUDIENCE);
    // The one that every pod has for the API server itself.
    assertThat(reason(cluster.token("web"))).isEqualTo(TokenRejection.OTHER_AUDIENCE);
  }

  @Test
  void aForgedTokenIsRefused() throws Exception {
    identity = reviewing(cluster.client(), Duration.ofSeconds(30));
    String good = ClusterTokens.ofPod(cluster, "web", "web-1", "orders");
    int dot = good.lastIndexOf('.');
    String forged = good.substring(0, dot + 1) + "AAAA" + good.substring(dot + 5);

    Rejected rejected = Requests.rejected(verify(forged));

    assertThat(rejected.reason()).isEqualTo(TokenRejection.NOT_AUTHENTICATED);
    assertThat(rejected.detail()).doesNotContain(good.substring(0, 40));
  }

  @Test
  void theTokenOfADeletedPodIsRefusedWhenTheAnswerCountsNoMore() throws Exception {
    identity = reviewing(cluster.client(), Duration.ofMillis(500));
    String token = ClusterTokens.ofPod(cluster, "web", "web-1", "orders");
    verify(token).orElseThrow();

    cluster.deletePod("web-1");

    eventually(
        "it is refused", () -> reasonOrNone(token), TokenRejection.NOT_AUTHENTICATED::equals);
  }

  @Test
  void theTokenOfADeletedServiceAccountIsRefusedWhenTheAnswerCountsNoMore() throws Exception {
    identity = reviewing(cluster.client(), Duration.ofMillis(500));
    String token = ClusterTokens.ofAccount(cluster, "web", "orders");
    verify(token).orElseThrow();

    cluster.client().serviceAccounts().inNamespace(cluster.namespace()).withName("web").delete();

    eventually(
        "it is refused", () -> reasonOrNone(token), TokenRejection.NOT_AUTHENTICATED::equals);
  }

  @Test
  void withoutTheRightNothingIsDecidedAndTheRightIsNamed() throws Exception {
    String own = cluster.token("orders");
    try (KubernetesClient limited = RealCluster.clientWith(() -> own)) {
      identity = reviewing(limited, Duration.ofSeconds(30));
      assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
      assertThat(identity.health().detail())
          .contains("create on tokenreviews.authentication.k8s.io");
      String token = ClusterTokens.ofPod(cluster, "web", "web-1", "orders");

      Rejected rejected = Requests.rejected(verify(token));

      assertThat(rejected.reason()).isEqualTo(TokenRejection.REVIEW_FORBIDDEN);
      assertThat(rejected.reason().kind()).isEqualTo(Reason.Kind.UNDECIDED);
      assertThat(rejected.reason().remedy()).contains("deploy/kubernetes/rights.yaml");

      grantReviews("orders");
      eventually("it is granted", () -> reasonOrNone(token), "none"::equals);
      assertThat(identity.health().status()).isEqualTo(Status.UP);
    }
  }

  @Test
  void whileTheApiServerIsGoneNothingIsDecidedButWhatIsRemembered() throws Exception {
    try (ApiServerProcess server = ApiServerProcess.open();
        KubernetesClient client = server.client()) {
      identity = reviewing(client, Duration.ofMinutes(5));
      String known = ClusterTokens.ofPod(cluster, "web", "web-1", "orders");
      String unknown = ClusterTokens.ofAccount(cluster, "web", "orders");
      verify(known).orElseThrow();

      server.kill();

      verify(known).orElseThrow();
      Rejected rejected = Requests.rejected(verify(unknown));
      assertThat(rejected.reason()).isEqualTo(TokenRejection.REVIEW_UNAVAILABLE);
      assertThat(rejected.reason().kind()).isEqualTo(Reason.Kind.UNDECIDED);
      assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);

      server.start();
      eventually("it answers again", () -> reasonOrNone(unknown), "none"::equals);
    }
  }

  private static TokenIdentity reviewing(KubernetesClient client, Duration memory) {
    return TokenIdentity.builder()
        .using(client)
        .issuer(ClusterTokens.ISSUER)
        .audience("orders")
        .reviewsCountFor(memory)
        .open();
  }

  private void grantReviews(String account) {
    cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:auth-delegator}
        subjects: [{kind: ServiceAccount, name: %2$s, namespace: %1$s}]
        """
            .formatted(cluster.namespace(), account));
  }

  private Verification verify(String token) throws Exception {
    CallerEvidence evidence = Requests.bearer(token);
    return identity.callers().verifyAsync(evidence).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private Reason reason(String token) throws Exception {
    return Requests.rejected(verify(token)).reason();
  }

  private Object reasonOrNone(String token) throws Exception {
    return verify(token) instanceof Rejected rejected ? rejected.reason() : "none";
  }
}
