// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.client.ClientSource;
import dev.serviceidentity.k8s.client.InCluster;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process knows of itself in a pod, and says where it is in none. */
class InClusterTest {
  private static final Map<String, String> ADDRESS =
      Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "443");

  @TempDir Path files;

  @BeforeEach
  void writeNamespace() throws IOException {
    Files.writeString(files.resolve("namespace"), "shop\n");
  }

  @Test
  void thePodIsTheHostNameInTheNamespaceOfTheServiceAccount() {
    assertThat(new InCluster(Map.of("HOSTNAME", "orders-1"), files).ownPod())
        .contains(new ClientSource.PodName("shop", "orders-1"));
  }

  @Test
  void whatTheDownwardApiSaysGoesFirst() {
    Map<String, String> environment =
        Map.of("HOSTNAME", "node-7", "POD_NAME", "orders-1", "POD_NAMESPACE", "store");
    assertThat(new InCluster(environment, files).ownPod())
        .contains(new ClientSource.PodName("store", "orders-1"));
  }

  @Test
  void withoutANameThereIsNoPod() {
    assertThat(new InCluster(Map.of(), files).ownPod()).isEmpty();
    assertThat(new InCluster(Map.of("HOSTNAME", "x"), files.resolve("none")).ownPod()).isEmpty();
  }

  @Test
  void outsideOfAClusterWhatIsMissingIsNamed() {
    assertThatThrownBy(() -> new InCluster(Map.of(), files).open())
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("KUBERNETES_SERVICE_HOST is not set")
        .hasMessageContaining("using(client)");
    assertThatThrownBy(() -> new InCluster(ADDRESS, files).open())
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("token cannot be read");
  }

  @Test
  void aViewThatDoesNotKnowItsOwnPodMustBeOfTheWholeCluster() {
    assertThatThrownBy(
            () -> new LiveNetworkBuilder(new InCluster(ADDRESS, files.resolve("x"))).open())
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("wholeCluster()");
  }

  @Test
  void anAddressIsNotOutsideBecauseAViewOfAPartDoesNotKnowItsOwner() {
    var builder =
        new LiveNetworkBuilder(new InCluster(ADDRESS, files))
            .ownPod("shop", "orders-1")
            .unownedAddresses(Unowned.OUTSIDE);
    assertThatThrownBy(builder::open)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("call wholeCluster(), or leave unownedAddresses(OUTSIDE) out");
  }
}
