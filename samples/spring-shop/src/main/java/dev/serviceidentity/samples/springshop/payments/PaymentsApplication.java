// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springshop.payments;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The service payments. Its configuration is payments.properties. */
@SpringBootApplication(proxyBeanMethods = false)
public class PaymentsApplication {
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
    return new SpringApplicationBuilder(PaymentsApplication.class)
        .properties("spring.config.name=payments");
  }
}
