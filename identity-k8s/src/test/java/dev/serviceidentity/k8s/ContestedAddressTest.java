// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An address that somebody may share who cannot be read is nobody's. */
class ContestedAddressTest {
  private static final String WEB = "10.0.0.66";

  private static final String SHOP =
      """
      {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {namespace: shop, name: web, labels: {app: web}}
      spec: {nodeName: n1}
      status: {podIP: 10.0.0.66}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {namespace: shop, name: orders, labels: {app: orders}}
      spec: {nodeName: n2}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: shop, name: allow-web}
      spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
      ---
      """;

  @TempDir private Path directory;

  private KubernetesNetwork shopWith(String more, Unowned unowned) throws IOException {
    Files.writeString(directory.resolve("shop.yaml"), SHOP + more);
    return KubernetesNetwork.fromManifests(directory).unownedAddresses(unowned).open();
  }

  private KubernetesNetwork shopWith(String more) throws IOException {
    return shopWith(more, Unowned.UNDECIDABLE);
  }

  private static Resolution resolve(KubernetesNetwork network, String address) throws IOException {
    var principal = PrincipalId.parse("spiffe://shop.example/ns/shop/sa/web");
    return network.resolve(
        Caller.of(principal, Instant.EPOCH, Instant.MAX),
        SourceAddress.ofSocket(InetAddress.getByName(address)));
  }

  private static Verdict toOrders(KubernetesNetwork network, String address) throws IOException {
    return network
        .check(
            new Flow(
                FlowEnd.of(InetAddress.getByName(address)),
                FlowEnd.pod("shop", "orders"),
                80,
                Flow.Protocol.TCP,
                Flow.Side.INGRESS))
        .verdict();
  }

  @Test
  void anAddressThatNobodyContestsIsItsPods() throws IOException {
    try (var network = shopWith("")) {
      assertThat(resolve(network, WEB)).isInstanceOf(Resolution.One.class);
      assertThat(toOrders(network, WEB)).isEqualTo(Verdict.ALLOWED);
    }
  }

  @Test
  void aCredentialOfAPodThatIsBeingDeletedDoesNotSayWhichPodIsAtItsAddress() throws IOException {
    Files.writeString(
        directory.resolve("shop.yaml"),
        SHOP.replace(
                "name: web, labels", "name: web, deletionTimestamp: '2026-01-01T00:00:00Z', labels")
            + """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: shop, name: thief}
            status: {podIP: 10.0.0.66}
            """);
    var binding =
        WorkloadBinding.builder()
            .trustDomain("shop.example")
            .spiffeTemplates("/ns/{namespace}/sa/{name}/pod/{pod}")
            .build();
    var principal = PrincipalId.parse("spiffe://shop.example/ns/shop/sa/default/pod/web");
    try (var network = KubernetesNetwork.fromManifests(directory).binding(binding).open()) {
      assertThat(
              network.resolve(
                  Caller.of(principal, Instant.EPOCH, Instant.MAX),
                  SourceAddress.ofSocket(InetAddress.getByName(WEB))))
          .isInstanceOf(Resolution.Unknown.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      metadata: {namespace: shop, name: x, labels: {app: 1}}, status: {podIP: 10.0.0.66}
      metadata: {namespace: shop, name: x, labels: {app: 1}}, status: {podIPs: [{ip: 10.0.0.7}, {ip: 10.0.0.66}]}
      metadata: {namespace: shop, name: x}, spec: {hostNetwork: 1}, status: {podIP: 10.0.0.66}
      metadata: {namespace: shop, name: x}, spec: {serviceAccountName: A}, status: {podIP: 10.0.0.66}
      metadata: {namespace: shop, name: x, labels: {app: 1}}, spec: {hostNetwork: true}, status: {podIP: 10.0.0.66}
      metadata: {namespace: shop, name: x, labels: {app: 1}}, status: {hostIP: 10.0.0.66}
      metadata: {name: [x]}, status: {podIP: 10.0.0.66}
      metadata: {namespace: shop, name: x}, status: {podIP: 10.0.0.66}, status: {podIP: 10.0.0.7}
      metadata: {namespace: shop, name: x}, status: {podIP: 10.0.0.66, podIP: 10.0.0.7}
      metadata: {namespace: shop, name: x}, status: {podIPs: [10.0.0.66], podIP: 10.0.0.7}
      metadata: {namespace: shop, name: x}, status: {podIPs: {ip: 10.0.0.66}, podIP: 10.0.0.7}
      metadata: {namespace: shop, name: x}, status: {podIP: 010.0.0.66}
      metadata: {namespace: shop, name: x}, status: !!binary {podIP: 10.0.0.66}
      metadata: {namespace: shop, name: x}, 1: {podIP: 10.0.0.66}
      """)
  void aPodThatCannotBeReadContestsWhatItClaims(String pod) throws IOException {
    try (var network = shopWith("{apiVersion: v1, kind: Pod, " + pod + "}")) {
      assertThat(resolve(network, WEB)).isInstanceOf(Resolution.Unknown.class);
      assertThat(toOrders(network, WEB)).isNotEqualTo(Verdict.ALLOWED);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {apiVersion: v1, kind: Pod
      {apiVersion: v1, kind: List, items: [{}]}
      {kind: !!binary UG9k, apiVersion: v1, status: {podIP: 10.0.0.66}}
      {apiVersion: v1, kind: Node, metadata: {name: n3}, status: {addresses: [{type: InternalIP, address: 10.0.0.066}]}}
      {apiVersion: v1, kind: Node, metadata: {name: [n3]}, status: {addresses: [{type: InternalIP, address: 10.0.0.66}]}}
      """)
  void whatMayBeAnythingContestsEveryAddress(String document) throws IOException {
    try (var network = shopWith(document)) {
      assertThat(resolve(network, WEB)).isInstanceOf(Resolution.Unknown.class);
      assertThat(toOrders(network, WEB)).isNotEqualTo(Verdict.ALLOWED);
    }
  }

  @Test
  void aPodThatIsWrittenDifferentlyContestsBothOfItsAddresses() throws IOException {
    String pod =
        "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: two}, status: {podIP: %s}}";
    try (var network =
        shopWith(pod.formatted("10.0.0.7") + "\n---\n" + pod.formatted("10.0.0.66"))) {
      assertThat(resolve(network, WEB)).isInstanceOf(Resolution.Unknown.class);
      assertThat(toOrders(network, WEB)).isEqualTo(Verdict.UNDECIDABLE);
    }
  }

  @Test
  void aNodeThatIsWrittenDifferentlyContestsBothOfItsAddresses() throws IOException {
    String node =
        "{apiVersion: v1, kind: Node, metadata: {name: two}, status: {addresses: [{type: InternalIP,"
            + " address: %s}]}}";
    try (var network =
        shopWith(node.formatted("10.0.0.7") + "\n---\n" + node.formatted("10.0.0.66"))) {
      assertThat(resolve(network, WEB)).isInstanceOf(Resolution.Unknown.class);
      assertThat(resolve(network, "10.0.0.7")).isInstanceOf(Resolution.Hidden.class);
    }
  }

  @Test
  void aPodOfWhichOneCopyCannotBeReadIsNotKnownByTheOther() throws IOException {
    String copy =
        "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web, labels: {app: 1}}}";
    try (var network = shopWith(copy)) {
      assertThat(resolve(network, WEB)).isInstanceOf(Resolution.Unknown.class);
      assertThat(
              network
                  .check(
                      new Flow(
                          FlowEnd.pod("shop", "web"),
                          FlowEnd.pod("shop", "orders"),
                          80,
                          Flow.Protocol.TCP,
                          Flow.Side.INGRESS))
                  .verdict())
          .isEqualTo(Verdict.UNDECIDABLE);
    }
  }

  @Test
  void aPodThatClaimsAnotherAddressContestsNoOther() throws IOException {
    String pods =
        """
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: x, labels: {app: 1}}, status: {podIP: 10.0.0.7, hostIP: 192.168.0.1}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: pending}}
        ---
        {apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: d}, spec: {template: {metadata: {labels: {app: 1}}}}}
        """;
    try (var network = shopWith(pods)) {
      assertThat(resolve(network, WEB)).isInstanceOf(Resolution.One.class);
      assertThat(resolve(network, "192.168.0.1")).isInstanceOf(Resolution.Hidden.class);
      assertThat(resolve(network, "10.0.0.7")).isInstanceOf(Resolution.Unknown.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Unowned.class,
      names = {"OUTSIDE", "BLOCKS_DECIDE"})
  void whatIsAssumedOfUnownedAddressesIsNotAssumedOfContestedOnes(Unowned unowned)
      throws IOException {
    String more =
        """
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: x, labels: {app: 1}}, status: {podIP: 10.0.0.7}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {namespace: shop, name: allow-block}
        spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}
        """;
    try (var network = shopWith(more, unowned)) {
      assertThat(resolve(network, "10.0.0.7")).isInstanceOf(Resolution.Unknown.class);
      assertThat(toOrders(network, "10.0.0.7")).isEqualTo(Verdict.UNDECIDABLE);
      assertThat(toOrders(network, "10.0.0.8")).isEqualTo(Verdict.ALLOWED);
    }
  }
}
