// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.k8s.client.InCluster;
import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view that opens by what Kubernetes gives to each pod, with the rights that are documented. */
class InClusterClusterTest {
  @TempDir Path files;

  @Test
  void aServiceSeesWhatItNeedsWithTheDocumentedRightsAndFollowsItsToken() throws Exception {
    try (RealCluster cluster = RealCluster.open()) {
      cluster.pod("orders-1", Map.of("app", "orders"), "orders", cluster.address(1));
      String good = cluster.token("orders");
      cluster.grant("orders", List.of("pods", "namespaces"));
      cluster.grantHere("orders", List.of("networkpolicies"));
      mount(cluster, good);
      try (KubernetesNetwork network = open()) {
        eventually("it is up", network::health, each -> each.status() == Status.UP);
        assertThat(network.self()).isPresent();
        token("expired");
        eventually(
            "the token is not accepted",
            network::health,
            each -> each.status() == Status.DEGRADED && each.detail().contains("(401)"));
        token(cluster.token("orders"));
        eventually("it is up again", network::health, each -> each.status() == Status.UP);
      }
    }
  }

  private KubernetesNetwork open() {
    URI server = URI.create(RealCluster.config().getMasterUrl());
    Map<String, String> environment =
        Map.of(
            "KUBERNETES_SERVICE_HOST", server.getHost(),
            "KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort()),
            "HOSTNAME", "orders-1");
    return new LiveNetworkBuilder(new InCluster(environment, files))
        .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
        .openTimeout(RealCluster.PATIENCE)
        .open();
  }

  private void mount(RealCluster cluster, String token) throws Exception {
    Config admin = RealCluster.config();
    Files.write(files.resolve("ca.crt"), Base64.getDecoder().decode(admin.getCaCertData()));
    Files.writeString(files.resolve("namespace"), cluster.namespace());
    token(token);
  }

  /** As Kubernetes does it: never half a token. */
  private void token(String value) throws Exception {
    Path next = Files.writeString(files.resolve("next"), value);
    Files.move(next, files.resolve("token"), StandardCopyOption.ATOMIC_MOVE);
  }
}
