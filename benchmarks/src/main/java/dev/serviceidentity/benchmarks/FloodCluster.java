// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.caller.Caller;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Pods on a real API server: ourselves, a caller whom the rules admit by its labels, callers who
 * come for the first time, each of an account of its own, and many who never do.
 */
final class FloodCluster implements AutoCloseable {
  static final String NAMESPACE = "benchmark-flood";
  static final String OTHERS = "benchmark-flood-others";

  /** With this each pod is as large as pods of real clusters are. */
  private static final String PADDING = "x".repeat(9_000);

  private static final int FIRST_OTHER = 10_000;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: for-web}
      spec:
        podSelector: {matchLabels: {app: orders}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
      """;

  private final KubernetesClient client;

  private FloodCluster(KubernetesClient client) {
    this.client = client;
  }

  static FloodCluster create(KubernetesClient client, int pods, int newCallers) {
    var cluster = new FloodCluster(client);
    cluster.namespace(NAMESPACE);
    cluster.namespace(OTHERS);
    cluster.pod(NAMESPACE, "orders", "orders", 1);
    cluster.pod(NAMESPACE, "web", "web", 2);
    client
        .load(new ByteArrayInputStream(POLICY.getBytes(StandardCharsets.UTF_8)))
        .inNamespace(NAMESPACE)
        .serverSideApply();
    IntStream.range(0, newCallers)
        .parallel()
        .forEach(i -> cluster.pod(NAMESPACE, "new-" + i, "new-" + i, 3 + i));
    IntStream.range(0, pods - newCallers)
        .parallel()
        .forEach(i -> cluster.pod(OTHERS, "idle-" + i, "idle-" + i % 100, FIRST_OTHER + i));
    return cluster;
  }

  private void namespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .serverSideApply();
  }

  private void pod(String namespace, String name, String account, int address) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .withLabels(Map.of("app", name))
            .withAnnotations(Map.of("padding", PADDING))
            .endMetadata()
            .withNewSpec()
            .withServiceAccountName(account)
            .addNewContainer()
            .withName("main")
            .withImage("none")
            .endContainer()
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .withPodIP(text(address))
            .withPodIPs(new PodIP(text(address)))
            .endStatus()
            .build();
    client.resource(pod).create();
    client.resource(pod).patchStatus();
  }

  private static String text(int number) {
    return "10.%d.%d.%d".formatted(number >>> 16, (number >>> 8) & 0xff, number & 0xff);
  }

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByName(text(number));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("A literal is an address", e);
    }
  }

  Caller knownCaller() {
    return LookUpFlood.caller(NAMESPACE, "web");
  }

  InetAddress known() {
    return address(2);
  }

  Caller newCaller(int number) {
    return LookUpFlood.caller(NAMESPACE, "new-" + number);
  }

  InetAddress newAddress(int number) {
    return address(3 + number);
  }

  @Override
  public void close() {
    List.of(NAMESPACE, OTHERS).forEach(each -> client.namespaces().withName(each).delete());
  }
}
