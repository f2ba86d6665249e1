// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestReader;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.Distinctions;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A cluster written as manifests in a test, and questions to the engine about it. */
public final class TestCluster {
  private final Manifests manifests;
  private final Assumptions assumptions;
  private final PolicyEngine engine;

  private TestCluster(Manifests manifests, Assumptions assumptions) {
    this.manifests = manifests;
    this.assumptions = assumptions;
    this.engine = PolicyEngine.compile(manifests.facts(), assumptions);
  }

  public static TestCluster of(String... documents) {
    return new TestCluster(read(String.join("\n---\n", documents)), Assumptions.DEFAULT);
  }

  public TestCluster assuming(Assumptions assumptions) {
    return new TestCluster(manifests, assumptions);
  }

  PolicyEngine engine() {
    return engine;
  }

  private static Manifests read(String text) {
    try {
      Path file = Files.createTempFile("cluster", ".yaml");
      try {
        Files.writeString(file, text);
        return ManifestReader.read(List.of(file), Loopback.IGNORED);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Manifests manifests() {
    return manifests;
  }

  public ClusterFacts facts() {
    return manifests.facts();
  }

  public LoadReport report() {
    return manifests.report();
  }

  /** An end is {@code namespace/pod} or an address; a port is {@code 80} or {@code UDP 53}. */
  public static Flow flow(String from, String to, String port, Side side) {
    String[] words = port.split(" ", -1);
    Protocol protocol = words.length == 1 ? Protocol.TCP : Protocol.valueOf(words[0]);
    int number = Integer.parseInt(words[words.length - 1]);
    return new Flow(end(from), end(to), number, protocol, side);
  }

  /** What an engine was asked about before must make no difference. */
  public Verdict verdict(String from, String to, String port, Side side) {
    Flow flow = flow(from, to, port, side);
    Verdict verdict = engine.verdict(flow);
    List<FlowEnd> ends = ends();
    assertThat(verdictAfterAll(ends, flow)).as("%s after all others", flow).isEqualTo(verdict);
    Collections.reverse(ends);
    assertThat(verdictAfterAll(ends, flow)).as("%s after all, backwards", flow).isEqualTo(verdict);
    return verdict;
  }

  /** Every pod, and an address on either side of every border of the policies' blocks. */
  private List<FlowEnd> ends() {
    var ends = new ArrayList<FlowEnd>();
    ClusterFacts facts = manifests.facts();
    facts.pods().forEach(pod -> ends.add(FlowEnd.pod(pod.namespace(), pod.pod().name())));
    for (Cidr block : Distinctions.of(facts).blocks()) {
      Borders.of(block.toString()).forEach(address -> ends.add(end(address)));
    }
    return ends;
  }

  private Verdict verdictAfterAll(List<FlowEnd> ends, Flow flow) {
    var asked = PolicyEngine.compile(manifests.facts(), assumptions);
    for (FlowEnd end : ends) {
      asked.verdict(new Flow(end, flow.to(), flow.port(), flow.protocol(), flow.side()));
      asked.verdict(new Flow(flow.from(), end, flow.port(), flow.protocol(), flow.side()));
    }
    return asked.verdict(flow);
  }

  public Explanation explain(String from, String to, String port, Side side) {
    return engine.explain(flow(from, to, port, side));
  }

  public Verdict ingress(String from, String to, int port) {
    return verdict(from, to, Integer.toString(port), Side.INGRESS);
  }

  public Verdict egress(String from, String to, int port) {
    return verdict(from, to, Integer.toString(port), Side.EGRESS);
  }

  public String why(String from, String to, int port) {
    return explain(from, to, Integer.toString(port), Side.INGRESS).render();
  }

  public static FlowEnd end(String text) {
    int slash = text.indexOf('/');
    try {
      return slash < 0
          ? FlowEnd.of(InetAddress.getByName(text))
          : FlowEnd.pod(text.substring(0, slash), text.substring(slash + 1));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Labels are YAML, such as {@code role: web, tier: db}. */
  public static String namespace(String name, String labels) {
    return "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {%s}}}"
        .formatted(name, labels);
  }

  public static String node(String name, String... addresses) {
    var list = new StringBuilder();
    for (String address : addresses) {
      list.append("{type: InternalIP, address: \"").append(address).append("\"},");
    }
    return "{apiVersion: v1, kind: Node, metadata: {name: %s}, status: {addresses: [%s]}}"
        .formatted(name, list);
  }

  public static String pod(String name, String labels, String... addresses) {
    return podWithSpec(name, labels, "containers: []", addresses);
  }

  public static String podWithSpec(String name, String labels, String spec, String... addresses) {
    var ips = new StringBuilder();
    for (String address : addresses) {
      ips.append("{ip: \"").append(address).append("\"},");
    }
    return podWithStatus(name, labels, spec, "phase: Running, podIPs: [" + ips + "]");
  }

  public static String podWithStatus(String name, String labels, String spec, String status) {
    String[] parts = name.split("/", -1);
    return """
        {apiVersion: v1, kind: Pod, metadata: {namespace: %s, name: %s, labels: {%s}},
         spec: {%s}, status: {%s}}"""
        .formatted(parts[0], parts[1], labels, spec, status);
  }

  public static String policy(String name, String spec) {
    String[] parts = name.split("/", -1);
    return """
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,
         metadata: {namespace: %s, name: %s}, spec: %s}"""
        .formatted(parts[0], parts[1], spec);
  }
}
