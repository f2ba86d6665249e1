// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test.shop;

import static dev.serviceidentity.spring.test.TestCallers.caller;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.spring.test.AutoConfigureServiceIdentity;
import dev.serviceidentity.testkit.TestIdentity;
import dev.serviceidentity.testkit.cluster.FakeCluster;
import dev.serviceidentity.testkit.cluster.FakePod;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The same slice where callers are held to their pods. */
@WebMvcTest(OrdersController.class)
@AutoConfigureServiceIdentity("spiffe://shop.example/ns/shop/sa/orders")
class OrdersInAClusterTest {
  private static final TestIdentity WEB = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web");

  @Autowired private MockMvcTester mvc;
  @Autowired private FakeCluster cluster;

  @TestConfiguration
  static class Cluster {
    @Bean
    FakeCluster cluster() {
      return FakeCluster.create()
          .namespace("shop")
          .pod(FakePod.of("shop/web-0").serviceAccount("web"))
          .pod(FakePod.of("shop/batch-0").serviceAccount("batch"))
          .pod(FakePod.of("shop/orders-0").serviceAccount("orders"))
          .ownPod("shop/orders-0")
          .binding(WorkloadBinding.builder().trustDomain("shop.example").build());
    }
  }

  @Test
  void aCallerIsHeldToItsOwnPod() {
    TestIdentity athome = WEB.from(cluster.addressOf("shop/web-0"));
    TestIdentity elsewhere = WEB.from(cluster.addressOf("shop/batch-0"));

    assertThat(mvc.get().uri("/orders/7").with(caller(athome))).hasStatusOk();
    assertThat(mvc.get().uri("/orders/7").with(caller(elsewhere))).hasStatus(403);
  }
}
