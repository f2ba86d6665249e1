// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever has many service accounts does not make a view forget the callers of others. */
class CallersQuotaClusterTest {
  private static final int MORE_THAN_ARE_FOLLOWED = 40;

  private RealCluster own;
  private RealCluster others;
  private KubernetesNetwork network;

  @BeforeEach
  void open() {
    own = RealCluster.open();
    others = RealCluster.open();
    own.pod("orders", Map.of(), "orders", own.address(1));
    own.pod("web", Map.of(), "web", own.address(2));
    network = own.viewBy("orders").newPods(Duration.ZERO).open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, own, others);
  }

  private CompletableFuture<Resolution> lookUp(RealCluster home, String account, String address)
      throws Exception {
    return lookUp(home.caller(account), address);
  }

  @Test
  void theEldestOfThoseWhoHaveMostAreForgotten() throws Exception {
    String web = own.address(2);
    assertThat(lookUp(own, "web", web).get(60, TimeUnit.SECONDS))
        .isInstanceOf(Resolution.One.class);
    var all = new ArrayList<CompletableFuture<Resolution>>();
    for (int i = 0; i < MORE_THAN_ARE_FOLLOWED; i++) {
      all.add(lookUp(others, "account-" + i, "198.51.100." + i));
    }
    for (CompletableFuture<Resolution> each : all) {
      assertThat(each.get(60, TimeUnit.SECONDS)).isInstanceOf(Resolution.Unknown.class);
    }
    assertThat(((ClusterView) network.view()).engine().podsOf(account()))
        .extracting(pod -> pod.pod().name())
        .containsExactly("web");
  }

  @Test
  void whoCallsByManyNamesThatStandForNobodyMakesNobodyElseBeForgotten() throws Exception {
    own.pod("api", Map.of(), "api", own.address(3));
    assertThat(lookUp(own, "web", own.address(2)).get(60, TimeUnit.SECONDS))
        .isInstanceOf(Resolution.One.class);
    assertThat(lookUp(own, "api", own.address(3)).get(60, TimeUnit.SECONDS))
        .isInstanceOf(Resolution.One.class);
    for (int i = 0; i < MORE_THAN_ARE_FOLLOWED; i++) {
      String address = "198.51.100." + i;
      others.pod("pod-" + i, Map.of(), "account-" + i, address);
      Caller nobody = RealCluster.callerOf("spiffe://foreign.example/name-" + i);
      Resolution unused =
          eventually(
              address + " is watched",
              () -> lookUp(nobody, address).get(60, TimeUnit.SECONDS),
              Resolution.One.class::isInstance);
    }
    assertThat(((ClusterView) network.view()).engine().podsOf(account())).hasSize(1);
  }

  private CompletableFuture<Resolution> lookUp(Caller caller, String address) throws Exception {
    return network
        .lookUp(caller, SourceAddress.ofSocket(InetAddress.getByName(address)))
        .toCompletableFuture();
  }

  private ServiceAccountName account() {
    return new ServiceAccountName(own.namespace(), "web");
  }
}
