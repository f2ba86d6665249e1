// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The manifests of deploy/spring-shop on a real API server: it takes them, and they are enough for
 * both services.
 */
class SpringShopRightsClusterTest {
  private static final Path FOLDER = Path.of("..", "deploy", "spring-shop");
  private static final String ROLE = "spring-shop-identity";

  private RealCluster shop;
  private RealCluster finance;

  @BeforeEach
  void apply() throws Exception {
    shop = RealCluster.open();
    finance = RealCluster.open();
    for (String file : List.of("namespaces", "rights", "policies", "orders", "payments")) {
      shop.client().load(manifest(file + ".yaml")).serverSideApply();
    }
    shop.pod("web-1", Map.of("app", "web"), "web", shop.address(1));
    shop.pod("orders-1", Map.of("app", "orders"), "orders", shop.address(2));
    finance.pod("payments-1", Map.of("app", "payments"), "payments", finance.address(1));
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(shop == null ? null : this::deleteRole, finance, shop);
  }

  /** In namespaces of this test's own, and with a role that nobody else has. */
  private InputStream manifest(String file) throws IOException {
    String text =
        Files.readString(FOLDER.resolve(file))
            .replaceAll("(namespace|name): shop\\n", "$1: " + shop.namespace() + "\n")
            .replaceAll("(namespace|name): finance\\n", "$1: " + finance.namespace() + "\n")
            .replace("name: " + ROLE, "name: " + role());
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private String role() {
    return shop.namespace() + "-" + ROLE;
  }

  private void deleteRole() {
    shop.client().rbac().clusterRoleBindings().withName(role()).delete();
    shop.client().rbac().clusterRoles().withName(role()).delete();
  }

  @Test
  void ordersSeesWithItsRightsThatWebAloneMayCallIt() throws Exception {
    String orders = shop.namespace() + "/orders-1";
    String token = shop.token("orders");
    try (KubernetesClient client = RealCluster.clientWith(() -> token);
        KubernetesNetwork view = open(shop, "orders-1", client)) {
      becomes(Verdict.ALLOWED, view, shop.namespace() + "/web-1", orders);
      isFound(view, finance, "payments", 1);
      becomes(Verdict.DENIED, view, finance.namespace() + "/payments-1", orders);
      assertThat(reviews(client)).isTrue();
    }
  }

  @Test
  void paymentsSeesWithItsRightsThatOrdersAloneMayCallIt() throws Exception {
    String payments = finance.namespace() + "/payments-1";
    String token = finance.token("payments");
    try (KubernetesClient client = RealCluster.clientWith(() -> token);
        KubernetesNetwork view = open(finance, "payments-1", client)) {
      becomes(Verdict.ALLOWED, view, shop.namespace() + "/orders-1", payments);
      isFound(view, shop, "web", 1);
      becomes(Verdict.DENIED, view, shop.namespace() + "/web-1", payments);
      assertThat(reviews(client)).isTrue();
    }
  }

  private static KubernetesNetwork open(RealCluster own, String pod, KubernetesClient client)
      throws Exception {
    KubernetesNetwork view =
        KubernetesNetwork.using(client)
            .ownPod(own.namespace(), pod)
            .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
            .openTimeout(RealCluster.PATIENCE)
            .open();
    eventually("it is up", view::health, each -> each.status() == Status.UP);
    return view;
  }

  /** A pod that no policy admits is not watched before it has called. */
  private static void isFound(
      KubernetesNetwork view, RealCluster where, String account, int address) throws Exception {
    SourceAddress source = SourceAddress.ofSocket(InetAddress.getByName(where.address(address)));
    eventually(
        account + " is found",
        () ->
            view.lookUp(where.caller(account), source)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS),
        each -> each instanceof Resolution.One);
  }

  private static void becomes(Verdict verdict, KubernetesNetwork view, String from, String to)
      throws Exception {
    eventually(
        verdict.toString(),
        () -> view.check(TestCluster.flow(from, to, "8443", Side.INGRESS)).verdict(),
        each -> each == verdict);
  }

  private boolean reviews(KubernetesClient client) {
    String token = shop.token("web");
    return client
        .tokenReviews()
        .create(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build())
        .getStatus()
        .getAuthenticated();
  }
}
