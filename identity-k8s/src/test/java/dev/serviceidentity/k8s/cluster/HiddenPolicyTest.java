// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy that is written somewhere is not passed over, and health says so. */
class HiddenPolicyTest {
  private static final Flow WEB_TO_ORDERS =
      new Flow(
          FlowEnd.pod("shop", "web"),
          FlowEnd.pod("shop", "orders"),
          80,
          Flow.Protocol.TCP,
          Flow.Side.INGRESS);

  private static final String POLICY =
      "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name:"
          + " deny}}";

  @TempDir private Path directory;

  @BeforeEach
  void writePods() throws IOException {
    Files.writeString(
        directory.resolve("pods.yaml"),
        """
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: orders}, status: {podIP: 10.0.0.2}}
        """);
  }

  private void assertThatNothingIsAllowedBeside(String document) throws IOException {
    Files.writeString(directory.resolve("policy.yaml"), document);
    try (var network = KubernetesNetwork.fromManifests(directory).open()) {
      assertThat(network.check(WEB_TO_ORDERS).verdict()).isNotEqualTo(Verdict.ALLOWED);
      assertThat(network.health().status()).isEqualTo(Health.Status.DEGRADED);
    }
  }

  @Test
  void withoutAPolicyTheFlowIsAllowed() {
    try (var network = KubernetesNetwork.fromManifests(directory).open()) {
      assertThat(network.check(WEB_TO_ORDERS).verdict()).isEqualTo(Verdict.ALLOWED);
      assertThat(network.health().status()).isEqualTo(Health.Status.UP);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      kind: !!binary TmV0d29ya1BvbGljeQ==\\napiVersion: networking.k8s.io/v1
      kind: ConfigMap\\napiVersion: !!binary bmV0d29ya2luZy5rOHMuaW8vdjE=
      !!binary a2luZA==: NetworkPolicy\\napiVersion: v1\\nkind: ConfigMap
      !!null kind: NetworkPolicy\\napiVersion: v1\\nkind: ConfigMap
      1: NetworkPolicy\\napiVersion: v1\\nkind: ConfigMap
      kind: !!null NetworkPolicy\\napiVersion: v1
      kind: [NetworkPolicy]\\napiVersion: v1
      kind: yes\\napiVersion: v1
      kind: ConfigMap\\napiVersion: 1
      """)
  void anObjectThatHidesWhatItIsMayBeAPolicy(String type) throws IOException {
    assertThatNothingIsAllowedBeside(
        type.replace("\\n", "\n") + "\nmetadata: {namespace: shop, name: deny}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {apiVersion: v1, kind: List, items: [POLICY], items: []}
      {apiVersion: v1, kind: List, items: [], items: [POLICY]}
      {apiVersion: v1, kind: List, items: [], !!binary aXRlbXM=: [POLICY]}
      {apiVersion: v1, kind: List, items: [], itmes: [POLICY]}
      {apiVersion: v1, kind: List, itmes: [POLICY]}
      {apiVersion: v1, kind: ConfigMapList, items: [], itmes: [POLICY]}
      {apiVersion: v1, kind: list, items: [POLICY]}
      {apiVersion: v1, kind: ConfigMap, items: [POLICY]}
      {apiVersion: v1, kind: List, items: !!null [POLICY]}
      {apiVersion: v1, kind: List, items: [!!null POLICY]}
      !!null POLICY
      """)
  void aPolicyDoesNotVanishInAList(String list) throws IOException {
    assertThatNothingIsAllowedBeside(list.replace("POLICY", POLICY));
  }

  @Test
  void aLinkToNowhereIsAConfigurationError() throws IOException {
    Files.createSymbolicLink(directory.resolve("policy.yaml"), Path.of("..data/policy.yaml"));

    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> KubernetesNetwork.fromManifests(directory).open())
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("policy.yaml");
  }

  @Test
  void aPipeIsAConfigurationError() throws IOException, InterruptedException {
    Path pipe = directory.resolve("policy.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> KubernetesNetwork.fromManifests(directory).open())
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("policy.yaml");
  }
}
