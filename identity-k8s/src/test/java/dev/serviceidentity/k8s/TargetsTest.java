// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A target of a view of manifests")
class TargetsTest {
  private static final String SHOP =
      """
      apiVersion: v1
      kind: Pod
      metadata: {namespace: shop, name: web-0, labels: {app: web}}
      spec: {serviceAccountName: web}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {namespace: shop, name: orders}
      spec:
        template:
          metadata: {labels: {app: orders}}
          spec:
            serviceAccountName: orders
            containers: [{name: main, ports: [{name: tls, containerPort: 8443}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {namespace: shop, name: orders}
      spec: {selector: {app: orders}, ports: [{name: https, port: 443, targetPort: tls}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: shop, name: orders}
      spec:
        podSelector: {matchLabels: {app: orders}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8443}]}]
      ---
      """;

  @TempDir private Path directory;

  private KubernetesNetwork open(String manifests, String target) throws IOException {
    Path file = Files.writeString(directory.resolve("m.yaml"), manifests);
    return KubernetesNetwork.fromManifests(file)
        .ownPod("shop", "web-0")
        .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
        .target(target)
        .open();
  }

  private SelfCheck check(String manifests, String target) throws IOException {
    try (KubernetesNetwork network = open(manifests, target)) {
      return SelfCheck.of(network);
    }
  }

  private Finding only(Severity severity, String manifests, String target) throws IOException {
    return check(manifests, target).findings().stream()
        .filter(each -> each.severity() == severity && !each.subject().equals("kubernetes"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders:443",
        "orders:https",
        "orders.shop:443",
        "orders.shop.svc:https",
        "orders.shop.svc.cluster.local:443",
        "orders.shop.svc.cluster.local.:443"
      })
  void holdsByAnyNameThatTheDnsOfTheClusterHasForIt(String target) throws IOException {
    SelfCheck check = check(SHOP, target);

    assertThat(check.holds()).as(check.render()).isTrue();
    assertThat(check.render()).contains("reaches shop/orders:8443");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "orders.shop",
        "https://orders:443",
        "orders.shop.com:1",
        "Orders:1"
      })
  void isRefusedIfItIsNoNameOfAService(String target) {
    assertThatThrownBy(() -> open(SHOP, target))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("write service.namespace:port");
  }

  @Test
  void isNotReadyWhileItsIngressIsDenied() throws IOException {
    String closed =
        SHOP.replace("matchLabels: {app: web}}}], ports", "matchLabels: {app: x}}}], ports");
    try (KubernetesNetwork network = open(closed, "orders:443")) {
      SelfCheck check = SelfCheck.of(network);

      assertThat(check.holds()).isFalse();
      assertThat(check.render()).contains("its ingress is DENIED", "that admits shop/web-0");
      assertThat(network.health().status()).isEqualTo(Status.DOWN);
      assertThat(network.health().detail()).startsWith("not ready: orders.shop:443");
    }
  }

  @Test
  void isReadyOnceAllHolds() throws IOException {
    try (KubernetesNetwork network = open(SHOP, "orders:443")) {
      assertThat(SelfCheck.of(network).holds()).isTrue();
      assertThat(network.health().status()).isEqualTo(Status.UP);
    }
  }

  @Test
  void doesNotHoldOnceTheViewIsClosed() throws IOException {
    KubernetesNetwork network = open(SHOP, "orders:443");
    network.close();

    assertThat(SelfCheck.of(network).holds()).isFalse();
  }

  @Test
  void ofAHeadlessServiceIsCalledOnThePortThatIsNamed() throws IOException {
    String headless = SHOP.replace("spec: {selector", "spec: {clusterIP: None, selector");

    Finding found = only(Severity.FAILED, headless, "orders:443");

    assertThat(found.subject()).isEqualTo("orders.shop:443 at shop/orders:443");
    assertThat(found.detail()).startsWith("its ingress is DENIED");
  }

  @Test
  void thatNobodyStandsBehindIsAFailure() throws IOException {
    Finding found =
        only(
            Severity.FAILED,
            SHOP.replace("selector: {app: orders}", "selector: {app: x}"),
            "orders:443");

    assertThat(found.detail()).contains("nothing stands behind it yet");
  }

  @Test
  void thatIsTheNameOfSomethingElsewhereIsAWarning() throws IOException {
    String elsewhere =
        SHOP
            + "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: bank},"
            + " spec: {type: ExternalName, externalName: bank.example}}";

    assertThat(only(Severity.WARNING, elsewhere, "bank:443").detail())
        .contains("another name of something elsewhere");
  }

  @Test
  void thatRunsAsTheDefaultAccountIsAWarning() throws IOException {
    assertThat(
            only(
                    Severity.WARNING,
                    SHOP.replace("serviceAccountName: orders", "serviceAccountName: default"),
                    "orders:443")
                .detail())
        .contains("runs as the service account default");
  }

  @Test
  void showsTenFailuresOfEachServiceAtMost() throws IOException {
    var many = new StringBuilder(SHOP);
    for (int i = 0; i < 30; i++) {
      many.append(
          """
          {apiVersion: v1, kind: Pod, spec: {serviceAccountName: orders},
           metadata: {namespace: shop, name: extra-%d, labels: {app: orders}}}
          ---
          """
              .formatted(i));
    }
    String denied =
        many.toString().replace("port: 443, targetPort: tls", "port: 443, targetPort: 1");

    assertThat(check(denied, "orders:443").findings())
        .filteredOn(each -> each.severity() == Severity.FAILED)
        .filteredOn(each -> each.subject().startsWith("orders"))
        .hasSize(11)
        .last()
        .extracting(Finding::detail)
        .isEqualTo("21 more findings of this kind");
  }
}
