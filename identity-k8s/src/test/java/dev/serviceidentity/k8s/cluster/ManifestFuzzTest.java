// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes: a report or the one exception, and garbage never opens a closed pod. */
class ManifestFuzzTest {
  private static final String CLOSED =
      """
      {apiVersion: v1, kind: Pod, metadata: {namespace: q, name: web}, status: {podIP: 10.0.0.1}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {namespace: q, name: db}, status: {podIP: 10.0.0.2}}
      ---
      {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: q, name: deny}}
      """;

  private static final String SAMPLE =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: shop, name: p}
      spec:
        podSelector: {matchLabels: {role: db}}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [{ipBlock: {cidr: 10.0.0.0/8, except: ["10.1.0.0/16"]}}, {podSelector: &s {}}]
          ports: [{port: 80, endPort: 90}, {port: http, protocol: TCP}]
        egress: [{to: [{namespaceSelector: *s}]}]
      ---
      {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "apps/v1", "kind": "Deployment",
       "metadata": {"name": "d"}, "spec": {"template": {"metadata": {"labels": {"a": "b"}}}}}]}
      ---
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: c}
      spec:
        tier: Baseline
        priority: 7
        subject: {namespaces: {}}
        ingress:
        - {action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {}}}],
           protocols: [{tcp: {destinationPort: {range: {start: 1, end: 9}}}}]}
        egress: [{action: Pass, to: [{networks: [10.0.0.0/8]}]}]
      """;

  @FuzzTest
  void anyBytesGiveAReportOrTheOneException(byte[] bytes) throws IOException {
    Path directory = Files.createTempDirectory("fuzz");
    Path closed = directory.resolve("closed.yaml");
    Path fuzzed = directory.resolve("fuzzed.yaml");
    try {
      Files.writeString(closed, CLOSED);
      Files.write(fuzzed, bytes);
      Manifests manifests = ManifestReader.read(List.of(closed, fuzzed), Loopback.IGNORED);
      var engine = PolicyEngine.compile(manifests.facts(), Assumptions.DEFAULT);
      var flow =
          new Flow(
              FlowEnd.pod("q", "web"),
              FlowEnd.pod("q", "db"),
              80,
              Flow.Protocol.TCP,
              Flow.Side.INGRESS);
      assertThat(engine.explain(flow).render()).isNotEmpty();
      assertThat(manifests.report().findings())
          .allSatisfy(f -> assertThat(f.message()).isNotEmpty());
      boolean speaksOfIt = new String(bytes, StandardCharsets.ISO_8859_1).contains("q");
      assertThat(engine.verdict(flow) == Verdict.ALLOWED && !speaksOfIt).isFalse();
    } catch (IdentityException e) {
      assertThat(e.code()).isEqualTo(IdentityException.Code.CONFIGURATION);
    } finally {
      Files.deleteIfExists(closed);
      Files.deleteIfExists(fuzzed);
      Files.delete(directory);
    }
  }

  @Test
  void randomDamageGivesAReportOrTheOneException() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ManifestFuzzTest: -Dseed=" + seed);
    var random = new Random(seed);
    byte[] sample = SAMPLE.getBytes(StandardCharsets.UTF_8);
    byte[] marks = "{}[]:,-&*!|>'\"#%@` \n\t0\u0000".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 1_500; i++) {
      byte[] damaged = sample.clone();
      for (int j = random.nextInt(6); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] =
            random.nextInt(4) == 0
                ? (byte) random.nextInt(256)
                : marks[random.nextInt(marks.length)];
      }
      anyBytesGiveAReportOrTheOneException(damaged);
    }
  }

  @Test
  void randomBytesGiveAReportOrTheOneException() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ManifestFuzzTest: -Dseed=" + seed);
    var random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      anyBytesGiveAReportOrTheOneException(bytes);
    }
  }
}
