// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.policy.PodFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestSetTest {
  private static final ManifestSet NONE = ManifestSet.empty(Loopback.IGNORED);

  private final ManifestSet shop =
      NONE.apply("the shop", TestCluster.namespace("shop", ""))
          .apply("the shop", TestCluster.pod("shop/web", "app: web", "10.0.0.1"))
          .apply("the shop", TestCluster.policy("shop/open", "{podSelector: {}, ingress: [{}]}"));

  private static List<String> pods(ManifestSet set) {
    return set.manifests().facts().pods().stream().map(PodFacts::displayName).toList();
  }

  @Test
  void whatIsAppliedAgainReplacesWhatWasThere() {
    ManifestSet after = shop.apply("new", TestCluster.pod("shop/web", "app: other", "10.0.0.9"));

    assertThat(pods(after)).containsExactly("shop/web");
    assertThat(after.manifests().facts().pods().get(0).labels()).containsEntry("app", "other");
    assertThat(shop.manifests().facts().pods().get(0).labels()).containsEntry("app", "web");
  }

  @Test
  void whatIsDeletedIsGone() {
    assertThat(shop.delete("Pod", "shop/web").manifests().facts().pods()).isEmpty();
    assertThat(shop.delete("NetworkPolicy", "shop/open").paths("NetworkPolicy")).isEmpty();
    assertThat(shop.delete("Namespace", "shop").paths("Pod")).isEmpty();
  }

  @Test
  void deletingWhatIsNotThereNamesTheNearest() {
    assertThatThrownBy(() -> shop.delete("Pod", "shop/wbe"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no Pod shop/wbe; did you mean `shop/web`?");
  }

  @Test
  void anObjectWithoutNamespaceIsWhereKubectlWouldPutIt() {
    ManifestSet set =
        NONE.apply("a pod", "{apiVersion: v1, kind: Pod, metadata: {name: x}}")
            .apply(
                "the same", "{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: default}}");

    assertThat(set.paths("Pod")).containsExactly("default/x");
  }

  @Test
  void whatAClusterWouldNotTakeIsRefusedWithTheReport() {
    assertThatThrownBy(() -> shop.apply("a typo", TestCluster.policy("shop/p", "{podSelectr: {}}")))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("a typo:2: error: ")
        .hasMessageContaining("NetworkPolicy shop/p spec.podSelectr");
    assertThatThrownBy(() -> shop.apply("broken", "a: [")).hasMessageContaining("broken:");
    assertThatThrownBy(() -> shop.apply("empty", "")).hasMessageContaining("no object");
    String two = TestCluster.pod("shop/x", "") + "\n---\n" + TestCluster.pod("shop/x", "a: b");
    assertThatThrownBy(() -> shop.apply("two of one name", two)).hasMessageContaining("keep one");
  }

  @Test
  void filesAreAppliedAsTheyAreRead(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("p.yaml"), TestCluster.pod("shop/more", "", "10.0.0.2"));

    assertThat(pods(shop.apply(List.of(directory)))).containsExactly("shop/web", "shop/more");
  }

  @Test
  void aWarningRefusesNothingAndIsInTheReport() {
    ManifestSet set = shop.apply("elsewhere", TestCluster.pod("shpo/x", "", "10.0.0.3"));

    assertThat(set.manifests().report().of(Severity.WARNING)).hasSize(1);
  }

  @Test
  void everyChangeHasADigestOfItsOwn() {
    ManifestSet deleted = shop.delete("Pod", "shop/web");

    assertThat(List.of(shop, deleted, deleted.delete("Namespace", "shop")))
        .extracting(set -> set.manifests().digest())
        .doesNotHaveDuplicates()
        .allMatch(digest -> digest.matches("sha256:[0-9a-f]{64}"));
  }

  @Test
  void theExampleAsItIsInTheJavadoc(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("shop.yaml"),
        TestCluster.policy("shop/open", "{podSelector: {}, ingress: [{}]}"));
    String yaml = TestCluster.policy("shop/strict", "{podSelector: {}}");

    ManifestSet before = ManifestSet.empty(Loopback.IGNORED).apply(List.of(directory));
    ManifestSet after =
        before.apply("a stricter policy", yaml).delete("NetworkPolicy", "shop/open");
    try (KubernetesNetwork network = KubernetesNetwork.fromManifests(after.manifests()).open()) {
      assertThat(network.loadReport().of(Severity.ERROR)).isEmpty();
    }
    assertThat(after.paths("NetworkPolicy")).containsExactly("shop/strict");
  }
}
