// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Objects that an API server admits, and that nobody can believe, close what they touch. That is
 * much in every view of the whole cluster, so that nobody else may look at it meanwhile.
 */
@Isolated
class MalformedObjectsClusterTest {
  private RealCluster cluster;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    cluster.pod("web", Map.of("app", "web"), "web", cluster.address(1));
    cluster.pod("orders", Map.of("app", "orders"), "orders", cluster.address(2));
    network =
        KubernetesNetwork.using(cluster.client())
            .ownPod(cluster.namespace(), "orders")
            .openTimeout(RealCluster.PATIENCE)
            .wholeCluster()
            .open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, cluster == null ? null : this::removeAll, cluster);
  }

  /** At once, and not whenever the namespace is cleared. */
  private void removeAll() {
    cluster.deletePod("web");
    cluster
        .client()
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(cluster.namespace())
        .withName("mapped")
        .delete();
  }

  private void isNamed(String object, String field) throws Exception {
    eventually(
        object + " is named",
        network::health,
        each -> each.status() == Status.DEGRADED && each.detail().contains(object));
    assertThat(network.loadReport().render()).contains(field);
  }

  private Resolution owner(String address) {
    PrincipalId anybody = PrincipalId.parse("spiffe://shop.example/somebody");
    return network.view().resolve(anybody, IpAddress.parse(address));
  }

  @Test
  void aBlockThatNobodyCanTellTheFamilyOfAdmitsNobody() throws Exception {
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: mapped}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress: [{from: [{ipBlock: {cidr: "::ffff:0.0.0.0/96"}}]}]
        """);
    isNamed("NetworkPolicy " + cluster.namespace() + "/mapped", "ipBlock.cidr");
    String namespace = cluster.namespace();
    assertThat(
            network
                .check(
                    TestCluster.flow(namespace + "/web", namespace + "/orders", "80", Side.INGRESS))
                .verdict())
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void aPodWithANodeAddressThatIsNoneMayOwnWhatNobodyDoes() throws Exception {
    cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withName("web")
        .editStatus(
            pod -> new PodBuilder(pod).editStatus().withHostIP("no address").endStatus().build());
    isNamed("Pod " + cluster.namespace() + "/web", "status.hostIP");
    assertThat(owner(cluster.address(99))).isInstanceOf(Resolution.Unknown.class);
    assertThat(owner(cluster.address(2))).isNotInstanceOf(Resolution.External.class);
  }
}
