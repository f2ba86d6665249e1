// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An address that every host has for itself is nobody's, whatever an object says. */
class HostLocalAddressTest {
  private static final String ORDERS_OF_N1 =
      TestCluster.podWithSpec("shop/orders", "", "nodeName: n1", "10.0.0.1");
  private static final String DENY_ALL = TestCluster.policy("shop/deny", "{podSelector: {}}");

  @TempDir private Path directory;

  private static void assertThatItIsIgnored(String address, String... documents) {
    TestCluster cluster = TestCluster.of(documents);

    assertThat(cluster.ingress(address, "shop/orders", 80)).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(cluster.report().of(Severity.ERROR)).isEmpty();
    assertThat(cluster.report().of(Severity.WARNING))
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.message()).contains("address, which any"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "127.10.0.5", "::1", "169.254.1.1", "fe80::1", "0.0.0.0", "::"})
  void isNoAddressOfANode(String address) {
    assertThatItIsIgnored(
        address, TestCluster.node("n1", "10.0.9.1", address), ORDERS_OF_N1, DENY_ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "169.254.1.1", "fe80::1", "::ffff:127.0.0.1"})
  void isNoAddressOfAPodsNode(String address) {
    String status =
        "phase: Running, podIP: 10.0.0.1, hostIP: \"%1$s\", hostIPs: [{ip: \"%1$s\"}]"
            .formatted(address);

    assertThatItIsIgnored(
        address, TestCluster.podWithStatus("shop/orders", "", "nodeName: n1", status), DENY_ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "169.254.1.1", "fe80::1", "0.0.0.0"})
  void isNoAddressOfAPod(String address) {
    String allow =
        TestCluster.policy(
            "shop/allow", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}");

    assertThatItIsIgnored(
        address, TestCluster.pod("shop/web", "", "10.0.0.2", address), ORDERS_OF_N1, allow);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hostIP: 127.0.0.1", "podIP: 169.254.1.1"})
  void isNotTrustedEvenWhereLoopbackPodsAre(String status) throws IOException {
    Path file = directory.resolve("pod.yaml");
    Files.writeString(file, TestCluster.podWithStatus("shop/orders", "", "", status));

    Manifests manifests = ManifestReader.read(List.of(file), Loopback.TRUSTED);

    assertThat(manifests.facts().pods())
        .singleElement()
        .satisfies(
            pod -> {
              assertThat(pod.placement().addresses()).isEmpty();
              assertThat(pod.placement().nodeAddresses()).isEmpty();
            });
  }
}
