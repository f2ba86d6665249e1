// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test.shop;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.jakarta.Roles;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** An application as a user writes it. */
@SpringBootApplication
class ShopApplication {
  @Bean
  Roles roles() {
    return Roles.of(Map.of("clerk", AllowedCallers.serviceAccounts("shop/web")));
  }
}
