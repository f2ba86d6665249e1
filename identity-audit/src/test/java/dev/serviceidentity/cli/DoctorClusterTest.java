// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.RealCluster;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The doctor of a service on a real API server")
class DoctorClusterTest {
  private static RealCluster cluster;
  private static String shop;

  @BeforeAll
  static void open() {
    cluster = RealCluster.open();
    shop = cluster.namespace();
    for (String name : new String[] {"web", "orders", "stock"}) {
      cluster.token(name);
    }
    cluster.pod("web-0", Map.of("app", "web"), "web", cluster.address(1));
    backing("orders", 2);
    backing("stock", 3);
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: orders}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: stock}
        spec: {podSelector: {matchLabels: {app: stock}}, policyTypes: [Ingress]}
        """);
  }

  /** A pod behind a Service; no controller makes slices here. */
  private static void backing(String name, int number) {
    String pod = name + "-0";
    cluster.pod(pod, Map.of("app", name), name, cluster.address(number));
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s}
        spec: {selector: {app: %1$s}, ports: [{port: 8443, protocol: TCP}]}
        ---
        apiVersion: discovery.k8s.io/v1beta1
        kind: EndpointSlice
        metadata: {name: %1$s, labels: {kubernetes.io/service-name: %1$s}}
        addressType: IPv6
        endpoints: [{addresses: ['%2$s'], targetRef: {kind: Pod, namespace: %3$s, name: %4$s}}]
        ports: [{name: '', port: 8443, protocol: TCP}]
        """
            .formatted(name, cluster.address(number), shop, pod));
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Run doctor(Object... more) {
    return Run.of(
        Stream.concat(
                Stream.of(
                    "doctor",
                    "--kubeconfig",
                    RealCluster.kubeconfig(),
                    "--own-pod",
                    shop + "/web-0",
                    "--trust-domain",
                    "shop.example"),
                Stream.of(more))
            .toArray());
  }

  @Test
  void findsNothingWrongWithATargetThatAdmitsThePod() {
    Run run = doctor("--target", "orders." + shop + ":8443");

    assertThat(run.out())
        .containsPattern("OK +own pod +" + shop + "/web-0")
        .contains("reaches " + shop + "/orders-0:8443");
    assertThat(run.code()).as(run.out() + run.err()).isZero();
  }

  @Test
  void namesTheTargetWhosePoliciesDoNotAdmitThePod() {
    Run run = doctor("--target", "orders:8443", "--target", "stock:8443", "-o", "json");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out())
        .contains("\"holds\" : false", "\"FAILED\"")
        .contains("stock." + shop + ":8443 at " + shop + "/stock-0:8443")
        .contains("its ingress is DENIED", "that admits " + shop + "/web-0");
  }

  @Test
  void saysThatThePodIsNotThere() {
    Run run =
        Run.of("doctor", "--kubeconfig", RealCluster.kubeconfig(), "--own-pod", shop + "/nobody");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains(shop + "/nobody");
  }
}
