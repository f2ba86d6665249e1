// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.RealCluster;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.mechanism.Target;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services of a real cluster that call each other by their tokens. */
class TokenIdentityClusterTest {
  private static final Target ORDERS = Target.of(URI.create("https://orders.shop:8443/"));

  @TempDir private Path volume;
  private RealCluster cluster;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    cluster.token("web");
    cluster.token("orders");
    cluster.pod("web-1", Map.of("app", "web"), "web", cluster.address(1));
    cluster.pod("web-2", Map.of("app", "web"), "web", cluster.address(2));
    cluster.pod("orders-1", Map.of("app", "orders"), "orders", cluster.address(3));
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(cluster);
  }

  @Test
  void aServiceIsAdmittedByItsProjectedTokenFromItsPodAlone() throws Exception {
    try (TokenIdentity web = web(List.of("orders"), cluster.client());
        ServiceIdentity orders = orders()) {
      String header = header(web, ORDERS);

      AccessDecision own = admit(orders, header, cluster.address(1));
      assertThat(own).as(own.toString()).isInstanceOf(Admitted.class);

      AccessDecision twin = admit(orders, header, cluster.address(2));
      assertThat(twin).isInstanceOf(Refused.class);
      assertThat(((Refused) twin).reason()).isEqualTo(RefusalReason.WRONG_WORKLOAD);
      assertThat(((Refused) twin).explanation()).contains("web-2", "web-1");

      AccessDecision other = admit(orders, header, cluster.address(3));
      assertThat(((Refused) other).reason()).isEqualTo(RefusalReason.SOURCE_HIDDEN);
    }
  }

  @Test
  void aTokenThatIsForNoPodIsRefusedWhereThatIsDemanded() throws Exception {
    try (ServiceIdentity orders = orders()) {
      String token = ClusterTokens.ofAccount(cluster, "web", "orders");

      AccessDecision decision = admit(orders, "Bearer " + token, cluster.address(1));

      assertThat(((Refused) decision).reason()).isEqualTo(RefusalReason.NOT_POD_BOUND);
    }
  }

  @Test
  void tokensForOtherAudiencesAreRequestedForTheSamePod() throws Exception {
    String own = cluster.token("web");
    try (KubernetesClient client = RealCluster.clientWith(() -> own);
        TokenIdentity web = web(List.of("billing"), client)) {
      assertThatThrownBy(() -> web.credentialsFor(ORDERS))
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("create on serviceaccounts/token");

      grantTokens();

      try (TokenIdentity judge = byKeys()) {
        Caller caller =
            eventually(
                    "it is granted",
                    () -> judge.callers().verify(Requests.from("127.0.0.2", headerOrNone(web))),
                    Verification.Verified.class::isInstance)
                .orElseThrow();
        assertThat(caller.boundPod().orElseThrow().name()).isEqualTo("web-1");
      }
    }
  }

  @Test
  void tokensAreVerifiedByTheKeysOfTheClusterWithoutAskingIt() throws Exception {
    try (TokenIdentity judge = byKeys()) {
      String token = ClusterTokens.ofPod(cluster, "web", "web-1", "orders");

      Caller caller = judge.callers().verify(Requests.bearer(token)).orElseThrow();

      assertThat(caller.principal().name()).endsWith(":web");
      assertThat(caller.boundPod().orElseThrow().name()).isEqualTo("web-1");
      assertThat(
              Requests.rejected(
                      judge
                          .callers()
                          .verify(
                              Requests.bearer(token.substring(0, token.length() - 8) + "AAAAAAAA")))
                  .reason())
          .isIn(TokenRejection.SIGNATURE_INVALID, TokenRejection.TOKEN_MALFORMED);
    }
  }

  private TokenIdentity byKeys() {
    return TokenIdentity.builder()
        .using(cluster.client())
        .issuer(ClusterTokens.ISSUER)
        .audience("orders")
        .verifyByClusterKeys()
        .open();
  }

  /** As pod web-1, with a file for each audience. */
  private TokenIdentity web(List<String> audiences, KubernetesClient client) throws Exception {
    TokenIdentityBuilder builder =
        TokenIdentity.builder()
            .using(client)
            .audience("web")
            .requestTokens()
            .calling(target -> "orders");
    for (String audience : audiences) {
      Path file = volume.resolve(audience);
      Files.writeString(file, ClusterTokens.ofPod(cluster, "web", "web-1", audience));
      builder.token(audience, file);
    }
    return builder.open();
  }

  private ServiceIdentity orders() {
    return ServiceIdentity.builder()
        .mechanism(
            TokenIdentity.builder()
                .using(cluster.client())
                .issuer(ClusterTokens.ISSUER)
                .audience("orders"))
        .network(
            KubernetesNetwork.using(cluster.client())
                .ownPod(cluster.namespace(), "orders-1")
                .binding(
                    WorkloadBinding.builder()
                        .tokenDomain("kubernetes.default.svc.cluster.local")
                        .build()))
        .allow(AllowedCallers.serviceAccounts(cluster.namespace() + "/web"))
        .requirePodBoundCredential()
        .admissionTimeout(Duration.ofSeconds(60))
        .openTimeout(RealCluster.PATIENCE)
        .open();
  }

  private static AccessDecision admit(ServiceIdentity orders, String header, String from)
      throws Exception {
    CallerEvidence evidence =
        CallerEvidence.of(new InetSocketAddress(from, 40_000), new InetSocketAddress("::1", 8443))
            .headers(Map.of("Authorization", List.of(header)));
    return orders.admitAsync(evidence).toCompletableFuture().get(90, TimeUnit.SECONDS);
  }

  private static String header(TokenIdentity from, Target target) {
    var fields = new HashMap<String, String>();
    from.credentialsFor(target).applyTo(fields::put);
    return fields.get("Authorization");
  }

  private static String headerOrNone(TokenIdentity from) {
    try {
      return header(from, ORDERS);
    } catch (IdentityException notYet) {
      return "Bearer none";
    }
  }

  private void grantTokens() {
    cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: tokens}
        rules:
          - {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [web], verbs: [create]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: tokens}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tokens}
        subjects: [{kind: ServiceAccount, name: web, namespace: %s}]
        """
            .formatted(cluster.namespace()));
  }
}
