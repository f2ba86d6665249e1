// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * As large as an API server stores, and larger. The time only ends what would not end: where each
 * part is compared with each other part, these take many minutes.
 */
@DisplayName("A policy as large as there can be is compiled and first asked in one pass")
class LargePolicyTest {
  private static final Duration HANG = Duration.ofMinutes(2);
  private static final int MANY = 60_000;

  private static PodFacts pod(String name, String address) {
    return new PodFacts(
        new ServiceAccountName("shop", name),
        new Workload.Pod(name, "", "n1"),
        Map.of(),
        new PodFacts.Placement(
            PodFacts.Lifecycle.ACTIVE, false, List.of(IpAddress.parse(address)), List.of()),
        List.of(new PodFacts.ContainerPort("p7", 7, Protocol.SCTP)));
  }

  private static Verdict verdict(List<Rule> ingress, String from, Protocol protocol, int port) {
    var policy =
        new PolicyFacts(
            "shop", "large", new LabelSelector(List.of()), Map.of(Direction.INGRESS, ingress));
    var facts =
        new ClusterFacts(
            List.of(),
            List.of(pod("web", "10.200.0.1"), pod("db", "10.200.0.2")),
            List.of(),
            new ClusterFacts.Policies(List.of(policy), List.of()),
            ClusterFacts.Gaps.NONE);
    var flow = new Flow(end(from), end("shop/db"), port, protocol, Side.INGRESS);
    return assertTimeoutPreemptively(
        HANG, () -> PolicyEngine.compile(facts, Assumptions.DEFAULT).verdict(flow));
  }

  /** No two of them touch. */
  private static List<PortRule> ports() {
    var ports = new ArrayList<PortRule>();
    for (Protocol protocol : Protocol.values()) {
      for (int port = 1; port < PortRule.HIGHEST; port += 2) {
        ports.add(new PortRule.Range(protocol, port, port));
      }
    }
    return ports;
  }

  private static List<Peer> blocks() {
    return IntStream.range(0, MANY)
        .mapToObj(i -> (Peer) new Peer.Block(new Cidr(IpAddress.ofV4(2L * i), 32), List.of()))
        .toList();
  }

  @Test
  void withManyPortsInARule() {
    List<Rule> rules = List.of(new Rule(List.of(), ports()));

    assertThat(verdict(rules, "shop/web", Protocol.SCTP, 40_001)).isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void withManyBlocksAndManyPortsInARule() {
    List<Rule> rules = List.of(new Rule(blocks(), ports()));

    assertThat(verdict(rules, "0.0.200.2", Protocol.UDP, 101)).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict(rules, "0.0.200.3", Protocol.UDP, 101)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void withManyRulesOfOnePort() {
    List<Rule> rules = ports().stream().map(port -> new Rule(List.of(), List.of(port))).toList();

    assertThat(verdict(rules, "shop/web", Protocol.TCP, 40_001)).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict(rules, "shop/web", Protocol.TCP, 40_002)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void withManyNamedPorts() {
    List<PortRule> names =
        IntStream.range(0, MANY)
            .mapToObj(i -> (PortRule) new PortRule.Named(Protocol.SCTP, "p" + i))
            .toList();
    List<Rule> rules = List.of(new Rule(List.of(), names));

    assertThat(verdict(rules, "shop/web", Protocol.SCTP, 7)).isEqualTo(Verdict.ALLOWED);
    assertThat(verdict(rules, "shop/web", Protocol.TCP, 7)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void withManyBlocksInARule() {
    List<Rule> rules = List.of(new Rule(blocks(), List.of()));

    assertThat(verdict(rules, "0.0.200.2", Protocol.TCP, 80)).isEqualTo(Verdict.ALLOWED);
  }
}
