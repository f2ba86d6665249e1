// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import dev.serviceidentity.ServiceIdentity;
import org.junit.jupiter.api.Test;

/** Asked by HTTP. */
class IdentityInfoTest {
  @Test
  void saysWhoTheServiceIsAndForHowLong() throws Exception {
    try (var orders = OrdersApplication.run("management.endpoints.web.exposure.include=info")) {
      String info = orders.get("/actuator/info").body();

      assertThat(JsonPath.<String>read(info, "$.serviceIdentity.identities[0].principal"))
          .isEqualTo("mtls:spiffe://shop.example/ns/shop/sa/orders");
      assertThat(JsonPath.<String>read(info, "$.serviceIdentity.identities[0].expiresAt"))
          .isEqualTo(orders.mechanism().current().expiresAt().toString());
      assertThat(JsonPath.<Integer>read(info, "$.serviceIdentity.identities[0].generation"))
          .isEqualTo(1);
      assertThat(JsonPath.<String>read(info, "$.serviceIdentity.pod")).isEqualTo("shop/orders-0");
    }
  }

  @Test
  void saysWhyThereIsNothingToSay() throws Exception {
    try (var orders = OrdersApplication.run("management.endpoints.web.exposure.include=info")) {
      orders.context().getBean(ServiceIdentity.class).close();
      orders.mechanism().close();

      assertThat(orders.get("/actuator/info").body()).contains("unavailable", "closed");
    }
  }
}
