// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test.shop;

import static dev.serviceidentity.spring.test.TestCallers.caller;
import static dev.serviceidentity.spring.test.TestCallers.proofOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.serviceidentity.spring.test.AutoConfigureServiceIdentity;
import dev.serviceidentity.testkit.TestIdentity;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A slice of an application, as a user tests it. */
@WebMvcTest(OrdersController.class)
@AutoConfigureServiceIdentity({
  "spiffe://shop.example/ns/shop/sa/orders",
  "kerberos:HTTP/orders.shop@SHOP.EXAMPLE"
})
class OrdersControllerTest {
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";
  private static final String BATCH = "spiffe://shop.example/ns/shop/sa/batch";

  @Autowired private MockMvc mvc;
  @Autowired private MockMvcTester tester;

  @Test
  void whoeverIsAllowedReachesTheControllerByName() throws Exception {
    mvc.perform(get("/orders/7").with(caller(WEB)))
        .andExpect(status().isOk())
        .andExpect(content().string("order 7 for mtls:" + WEB));
  }

  @Test
  void theSameByMockMvcTester() {
    assertThat(tester.get().uri("/orders/7").with(caller(WEB)))
        .hasStatusOk()
        .hasBodyTextEqualTo("order 7 for mtls:" + WEB);
  }

  @Test
  void theSameByRestTestClient() {
    RestTestClient.bindTo(mvc)
        .build()
        .get()
        .uri("/orders/7")
        .headers(proofOf(WEB))
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void whoeverProvesNothingIsRefusedByTheFilter() {
    assertThat(tester.get().uri("/orders/7"))
        .hasStatus(401)
        .hasHeader("Content-Type", "application/problem+json");
  }

  @Test
  void whoeverIsNotNamedIsRefused() {
    assertThat(tester.get().uri("/orders/7").with(caller("spiffe://shop.example/ns/shop/sa/guest")))
        .hasStatus(403);
    assertThat(tester.get().uri("/orders/7").with(caller("kerberos:alice@SHOP.EXAMPLE")))
        .hasStatus(403);
    assertThat(tester.get().uri("/orders/7").with(caller("spiffe://evil.example/ns/shop/sa/web")))
        .hasStatus(401);
  }

  @Test
  void whatIsWrongWithACredentialIsNoticed() {
    TestIdentity web = TestIdentity.of(WEB);

    assertThat(tester.get().uri("/orders/7").with(caller(web.expired()))).hasStatus(401);
    assertThat(tester.get().uri("/orders/7").with(caller(web.tampered()))).hasStatus(401);
  }

  @Test
  void rulesOfPathsAndRolesAreThoseOfTheApplication() {
    assertThat(tester.get().uri("/admin/role").with(caller(WEB)))
        .hasStatusOk()
        .bodyText()
        .endsWith("is clerk: true");
    assertThat(tester.get().uri("/admin/role").with(caller(BATCH))).hasStatus(403);
    assertThat(tester.get().uri("/role").with(caller(BATCH))).hasBodyTextEqualTo("false");
  }

  @Test
  void publicPathsNeedNobody() {
    assertThat(tester.get().uri("/health")).hasStatusOk().hasBodyTextEqualTo("well");
  }
}
