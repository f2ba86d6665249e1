// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springshop.orders;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.spring.web.VerifiedCaller;
import java.util.Objects;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Tells callers of orders. */
@RestController
class OrdersController {
  private final RestClient payments;

  OrdersController(RestClient payments) {
    this.payments = payments;
  }

  /** What payments says of an order. */
  record Payment(long order, String status, String askedBy) {}

  record Order(long number, String askedBy, Payment payment) {}

  record Welcome(String service, String caller) {}

  @GetMapping("/orders")
  Welcome welcome(@VerifiedCaller Caller caller) {
    return new Welcome("orders", caller.principal().nativeName());
  }

  @GetMapping("/orders/{number}")
  Order order(@PathVariable long number, @VerifiedCaller Caller caller) {
    Payment payment =
        payments.get().uri("/payments/{number}", number).retrieve().body(Payment.class);
    return new Order(
        number, caller.principal().nativeName(), Objects.requireNonNull(payment, "payment"));
  }
}
