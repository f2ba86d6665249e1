// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springshop.payments;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.spring.web.VerifiedCaller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Tells callers of payments. */
@RestController
class PaymentsController {
  record Payment(long order, String status, String askedBy) {}

  record Welcome(String service, String caller) {}

  @GetMapping("/payments")
  Welcome welcome(@VerifiedCaller Caller caller) {
    return new Welcome("payments", caller.principal().nativeName());
  }

  @GetMapping("/payments/{order}")
  Payment payment(@PathVariable long order, @VerifiedCaller Caller caller) {
    return new Payment(order, "paid", caller.principal().nativeName());
  }
}
