// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springshop.orders;

import dev.serviceidentity.spring.client.RestClientIdentity;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;

/** The service orders. Its configuration is orders.properties. */
@SpringBootApplication(proxyBeanMethods = false)
public class OrdersApplication {
  /**
   * Runs the service.
   *
   * @param arguments properties, as Spring Boot takes them
   */
  public static void main(String[] arguments) {
    application().run(arguments);
  }

  /** The application, whose configuration has the name of the service, as two share one jar. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(OrdersApplication.class)
        .properties("spring.config.name=orders");
  }

  /** Calls payments as this service, and nobody else with its credentials. */
  @Bean
  RestClient payments(
      RestClient.Builder builder,
      RestClientIdentity identity,
      @Value("${shop.payments}") String payments) {
    return builder.baseUrl(payments).apply(identity.calling(payments)).build();
  }
}
