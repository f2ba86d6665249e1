// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.TestCluster.end;
import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.node;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.podWithSpec;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.HeldPeer;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.k8s.policy.PolicyView;
import dev.serviceidentity.k8s.policy.Vantage;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counted by the thread itself. Less than a byte a call is what the count and the compiler need.
 */
@DisplayName("Once flows of a kind have been asked about, a decision allocates nothing")
class AllocationTest {
  private static final int CALLS = 100_000;
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Two pods share 10.0.0.9. */
  private static final String[] SHOP = {
    namespace("shop", "team: a"),
    node("n1", "192.168.0.1"),
    pod("shop/web", "role: frontend", "10.0.0.1", "fd00::1"),
    pod("shop/orders", "role: orders", "10.0.0.3", "fd00::3"),
    pod("shop/old", "role: frontend", "10.0.0.9"),
    pod("shop/new", "role: frontend", "10.0.0.9"),
    podWithSpec("shop/agent", "", "hostNetwork: true, nodeName: n1", "192.168.0.1"),
    policy(
        "shop/allow-web",
        "{podSelector: {matchLabels: {role: orders}}, ingress: [{from: [{podSelector: {matchLabels:"
            + " {role: frontend}}}, {ipBlock: {cidr: 192.0.2.0/24}}]}]}")
  };

  @TempDir private Path directory;

  private static double bytesOfOne(Runnable call) {
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
    long before = THREAD.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
    return (THREAD.getCurrentThreadAllocatedBytes() - before) / (double) CALLS;
  }

  @ParameterizedTest(name = "{0} → {1}, {2}")
  @CsvSource({
    "shop/web, shop/orders, BOTH",
    "10.0.0.1, shop/orders, INGRESS",
    "fd00::1, fd00::3, INGRESS",
    "10.0.0.9, 10.0.0.3, BOTH",
    "10.0.0.3, 10.0.0.9, BOTH",
    "192.0.2.7, shop/orders, INGRESS",
    "2001:db8::1, fd00::3, INGRESS",
    "192.168.0.1, shop/orders, INGRESS",
    "shop/agent, shop/orders, BOTH",
    "shop/nobody, shop/orders, INGRESS",
    "10.0.0.1, fd00::3, INGRESS"
  })
  void ofAFlow(String from, String to, Side side) throws IOException {
    Files.writeString(directory.resolve("shop.yaml"), String.join("\n---\n", SHOP));
    try (var network = KubernetesNetwork.fromManifests(directory).open()) {
      var flow = new Flow(end(from), end(to), 8080, Protocol.TCP, side);
      assertThat(bytesOfOne(() -> network.check(flow))).isLessThan(1);
    }
  }

  private static Vantage orders() {
    var facts = TestCluster.of(SHOP).facts();
    PolicyEngine engine = PolicyEngine.compile(facts, Assumptions.DEFAULT);
    return PolicyView.of(engine).at(IpAddress.parse("10.0.0.3"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"10.0.0.1", "10.0.0.9", "192.0.2.7", "192.168.0.1"})
  void ofACallerByAddress(String caller) throws IOException {
    Vantage own = orders();
    byte[] address = InetAddress.getByName(caller).getAddress();
    assertThat(bytesOfOne(() -> own.judge(Direction.INGRESS, address, Protocol.TCP, 8080)))
        .isLessThan(1);
  }

  @Test
  void ofACallerWhoIsHeld() {
    HeldPeer held = orders().hold(Direction.INGRESS, IpAddress.parse("10.0.0.1"));
    assertThat(bytesOfOne(() -> held.judge(Protocol.TCP, 8080))).isLessThan(1);
  }
}
