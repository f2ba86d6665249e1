// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test.shop;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.spring.web.VerifiedCaller;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrdersController {
  @GetMapping("/orders/{id}")
  String order(@PathVariable("id") int id, @VerifiedCaller Caller caller) {
    return "order " + id + " for " + caller.principal();
  }

  @GetMapping("/admin/role")
  String role(HttpServletRequest request) {
    return request.getUserPrincipal().getName() + " is clerk: " + request.isUserInRole("clerk");
  }

  @GetMapping("/role")
  boolean clerk(HttpServletRequest request) {
    return request.isUserInRole("clerk");
  }

  @GetMapping("/health")
  String health() {
    return "well";
  }
}
