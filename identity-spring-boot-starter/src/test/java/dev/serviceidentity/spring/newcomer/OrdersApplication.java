// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.newcomer;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.spring.web.VerifiedCaller;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** All that a newcomer writes. */
@SpringBootApplication
@RestController
class OrdersApplication {
  @GetMapping("/orders")
  String orders(@VerifiedCaller Caller caller) {
    return "orders of " + caller.principal();
  }
}
