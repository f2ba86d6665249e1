// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test.shop;

import static dev.serviceidentity.spring.test.TestCallers.caller;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.spring.test.AutoConfigureServiceIdentity;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The whole application, which has Spring Security as well. */
@SpringBootTest
@AutoConfigureMockMvc
@AutoConfigureServiceIdentity("spiffe://shop.example/ns/shop/sa/orders")
class OrdersWithSecurityTest {
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";

  @Autowired private MockMvcTester mvc;

  @TestConfiguration
  static class Security {
    @Bean
    SecurityFilterChain chain(HttpSecurity http) {
      return http.authorizeHttpRequests(
              requests -> requests.requestMatchers("/role").denyAll().anyRequest().permitAll())
          .build();
    }
  }

  @Test
  void bothTheFilterAndTheChainAreAsked() {
    assertThat(mvc.get().uri("/orders/7").with(caller(WEB)))
        .hasStatusOk()
        .hasBodyTextEqualTo("order 7 for mtls:" + WEB);
    assertThat(mvc.get().uri("/orders/7")).hasStatus(401);
    assertThat(mvc.get().uri("/role").with(caller(WEB))).hasStatus(403);
  }
}
