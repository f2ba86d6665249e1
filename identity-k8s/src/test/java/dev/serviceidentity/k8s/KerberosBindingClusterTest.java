// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names of Kerberos are held against pods that a real API server shows. */
class KerberosBindingClusterTest {
  private RealCluster cluster;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    cluster = RealCluster.open();
    cluster.pod("orders", Map.of(), "orders", cluster.address(1));
    cluster.pod("web", Map.of(), "web", cluster.address(2));
    network =
        cluster
            .viewBy("orders")
            .binding(
                WorkloadBinding.builder()
                    .realm("SHOP.EXAMPLE")
                    .annotationsFrom(cluster.namespace())
                    .build())
            .open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, cluster);
  }

  private void account(String name, String principal) {
    cluster.apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: %s, annotations: {serviceidentity.dev/principal: "%s"}}
        """
            .formatted(name, principal));
  }

  private Optional<ServiceAccountName> accountOf(String principal) {
    return network.serviceAccountOf(PrincipalId.parse(principal));
  }

  private void isFoundAt(String principal, String pod, int address) throws Exception {
    Resolution found =
        network
            .lookUp(
                RealCluster.callerOf(principal),
                SourceAddress.ofSocket(InetAddress.getByName(cluster.address(address))))
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    assertThat(found)
        .isInstanceOfSatisfying(
            Resolution.One.class, one -> assertThat(one.workload().pod().name()).isEqualTo(pod));
  }

  @Test
  void aPrincipalOfAServiceIsTheAccountThatItsTemplateSays() throws Exception {
    String web = "kerberos:HTTP/web." + cluster.namespace() + "@SHOP.EXAMPLE";
    assertThat(accountOf(web)).contains(new ServiceAccountName(cluster.namespace(), "web"));
    isFoundAt(web, "web", 2);
  }

  @Test
  void aPrincipalThatAnAnnotationClaimsIsThatAccountUntilAnotherClaimsItToo() throws Exception {
    String database = "kerberos:svc-db@SHOP.EXAMPLE";
    assertThat(accountOf(database)).isEmpty();
    cluster.pod("db", Map.of(), "db", cluster.address(3));
    account("db", database);
    eventually(
        "the claim is heard",
        () -> accountOf(database),
        each -> each.equals(Optional.of(new ServiceAccountName(cluster.namespace(), "db"))));
    isFoundAt(database, "db", 3);

    account("thief", database);
    eventually("it is disputed", () -> accountOf(database), Optional::isEmpty);
  }
}
