// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted.spring;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.spring.web.VerifiedCaller;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
class OrdersApplication {
  public static void main(String... args) {
    SpringApplication.run(OrdersApplication.class, args);
  }

  @GetMapping("/orders")
  String orders(@VerifiedCaller Caller caller) {
    return "orders of " + caller.principal() + "\n";
  }
}
