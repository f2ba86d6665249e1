// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The manifests of deploy/kubernetes on a real API server: it takes them, they are enough, and
 * without each right that is broken which the documentation says.
 */
class DeployedRightsClusterTest {
  private static final Path FOLDER = Path.of("..", "deploy", "kubernetes");
  private static final String ROLE = "service-identity";

  private RealCluster shop;
  private RealCluster finance;
  private KubernetesClient client;
  private KubernetesNetwork network;

  @BeforeEach
  void apply() throws Exception {
    shop = RealCluster.open();
    finance = RealCluster.open();
    for (String file : List.of("namespace", "rights", "policies", "deployment")) {
      shop.apply(manifest(file + ".yaml"));
    }
    shop.pod("orders-1", Map.of("app", "orders"), "orders", shop.address(1));
    shop.pod("web-1", Map.of("app", "web"), "web", shop.address(2));
    finance.pod("ledger-1", Map.of("app", "ledger"), "ledger", finance.address(1));
    String token = shop.token("orders");
    client = RealCluster.clientWith(() -> token);
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, client, shop == null ? null : this::deleteRoles, finance, shop);
  }

  /** In namespaces of this test's own, and with roles that nobody else has. */
  private String manifest(String file) throws IOException {
    return Files.readString(FOLDER.resolve(file))
        .replaceAll("(namespace|metadata.name|name): shop\\n", "$1: " + shop.namespace() + "\n")
        .replace("metadata.name: finance", "metadata.name: " + finance.namespace())
        .replace("name: service-identity", "name: " + role(""));
  }

  private String role(String suffix) {
    return shop.namespace() + "-" + ROLE + suffix;
  }

  private void deleteRoles() {
    for (String suffix : List.of("-view", "-tokens")) {
      shop.client().rbac().clusterRoleBindings().withName(role(suffix + "-orders")).delete();
      shop.client().rbac().clusterRoles().withName(role(suffix)).delete();
    }
  }

  private void open() throws Exception {
    network =
        KubernetesNetwork.using(client)
            .ownPod(shop.namespace(), "orders-1")
            .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
            .openTimeout(RealCluster.PATIENCE)
            .open();
    isUp();
  }

  private void isUp() throws Exception {
    eventually("it is up", network::health, each -> each.status() == Status.UP);
  }

  private void isNamed(String resource) throws Exception {
    eventually(
        "it is named",
        network::health,
        each ->
            each.status() == Status.DEGRADED
                && each.detail().contains("this service may not list and watch " + resource));
  }

  private Resolution lookUp(RealCluster where, String account, int address) throws Exception {
    Instant now = Instant.now();
    String id = "spiffe://shop.example/ns/" + where.namespace() + "/sa/" + account;
    return network
        .lookUp(
            Caller.of(PrincipalId.parse(id), now, now.plusSeconds(600)),
            SourceAddress.ofSocket(InetAddress.getByName(where.address(address))))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  private Verdict verdict(RealCluster where, String pod, String port) {
    String orders = shop.namespace() + "/orders-1";
    return network
        .check(TestCluster.flow(where.namespace() + "/" + pod, orders, port, Side.INGRESS))
        .verdict();
  }

  private void becomes(Verdict verdict, RealCluster where, String pod) throws Exception {
    eventually(verdict.toString(), () -> verdict(where, pod, "8443"), each -> each == verdict);
  }

  private void callersAreFound() throws Exception {
    eventually(
        "web is found", () -> lookUp(shop, "web", 2), each -> each instanceof Resolution.One);
    eventually(
        "ledger is found",
        () -> lookUp(finance, "ledger", 1),
        each -> each instanceof Resolution.One);
    becomes(Verdict.ALLOWED, shop, "web-1");
    becomes(Verdict.ALLOWED, finance, "ledger-1");
  }

  /** What the role of the view grants, but for one resource. */
  private void revoke(String resource) {
    shop.client()
        .rbac()
        .clusterRoles()
        .withName(role("-view"))
        .edit(role -> without(role, resource));
  }

  private static ClusterRole without(ClusterRole role, String resource) {
    return new ClusterRoleBuilder(role)
        .withRules(
            role.getRules().stream()
                .filter(rule -> !rule.getResources().contains(resource))
                .toList())
        .build();
  }

  @Test
  void theRightsAreEnough() throws Exception {
    open();
    callersAreFound();
    assertThat(network.self()).isPresent();
    assertThat(review().getStatus().getAuthenticated()).isTrue();
  }

  private TokenReview review() {
    String token = shop.token("web");
    return client
        .tokenReviews()
        .create(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build());
  }

  @Test
  void theServerTakesTheOptionalRoles() throws IOException {
    String roles = manifest("optional-rights.yaml");
    shop.apply(roles);
    for (String suffix :
        List.of(
            "-whole-cluster",
            "-annotations",
            "-targets",
            "-token-requests",
            "-certificates",
            "-self-approval")) {
      assertThat(shop.client().rbac().clusterRoles().withName(role(suffix)).delete()).isNotEmpty();
    }
  }

  @Test
  void withoutPoliciesNothingIsDecidedAboutPodsOfTheNamespace() throws Exception {
    open();
    callersAreFound();
    shop.client().rbac().roles().inNamespace(shop.namespace()).withName(role("")).delete();
    isNamed("networkpolicies.networking.k8s.io in namespace " + shop.namespace());
    becomes(Verdict.UNDECIDABLE, shop, "web-1");
    shop.apply(manifest("rights.yaml"));
    isUp();
    becomes(Verdict.ALLOWED, shop, "web-1");
  }

  @Test
  void withoutPodsCallersAreNotFound() throws Exception {
    revoke("pods");
    network =
        KubernetesNetwork.using(client)
            .ownPod(shop.namespace(), "orders-1")
            .openTimeout(RealCluster.PATIENCE)
            .open();
    isNamed("pods");
    assertThat(lookUp(shop, "web", 2)).isInstanceOf(Resolution.Unknown.class);
    assertThat(lookUp(finance, "ledger", 1)).isInstanceOf(Resolution.Unknown.class);
  }

  @Test
  void withoutNamespacesRulesThatSelectThemAreUndecidable() throws Exception {
    shop.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: by-label}
        spec:
          podSelector: {matchLabels: {app: orders}}
          policyTypes: [Ingress]
          ingress:
          - from: [{namespaceSelector: {matchLabels: {team: money}}}]
            ports: [{port: 9443}]
        """);
    open();
    callersAreFound();
    revoke("namespaces");
    isNamed("namespaces");
    eventually(
        "it is undecidable",
        () -> verdict(finance, "ledger-1", "9443"),
        each -> each == Verdict.UNDECIDABLE);
    assertThat(verdict(shop, "web-1", "8443")).isEqualTo(Verdict.ALLOWED);
    shop.client().rbac().clusterRoles().withName(role("-view")).delete();
    shop.apply(manifest("rights.yaml"));
    isUp();
    assertThat(verdict(finance, "ledger-1", "9443")).isEqualTo(Verdict.DENIED);
  }

  @Test
  void withoutTokenReviewsTheServerJudgesNoToken() throws Exception {
    shop.client().rbac().clusterRoleBindings().withName(role("-tokens-orders")).delete();
    eventually(
        "it is forbidden",
        () -> {
          try {
            return review().getStatus() == null ? 0 : 200;
          } catch (KubernetesClientException e) {
            return e.getCode();
          }
        },
        code -> code == 403);
  }
}
