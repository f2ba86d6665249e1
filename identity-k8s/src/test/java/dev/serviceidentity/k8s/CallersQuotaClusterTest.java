// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
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
    network =
        KubernetesNetwork.using(own.client())
            .ownPod(own.namespace(), "orders")
            .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
            .newPods(Duration.ZERO)
            .openTimeout(Duration.ofSeconds(60))
            .open();
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(network, own, others);
  }

  private CompletableFuture<Resolution> lookUp(RealCluster home, String account, String address)
      throws Exception {
    Instant now = Instant.now();
    String id = "spiffe://shop.example/ns/" + home.namespace() + "/sa/" + account;
    return network
        .lookUp(
            Caller.of(PrincipalId.parse(id), now, now.plusSeconds(600)),
            SourceAddress.ofSocket(InetAddress.getByName(address)))
        .toCompletableFuture();
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

  private ServiceAccountName account() {
    return new ServiceAccountName(own.namespace(), "web");
  }
}
