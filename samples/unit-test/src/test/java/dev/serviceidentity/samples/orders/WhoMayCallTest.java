// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.orders;

import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;

import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestIdentity;
import org.junit.jupiter.api.Test;

/** The rule of the service, asked by callers whose proof alone is simulated. */
class WhoMayCallTest {
  @Test
  void batchMayNotCall() {
    var batch = TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch");
    var own = FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders");
    try (var identity = Orders.identity().mechanism(own).trustIdentityAlone().open()) {
      assertThat(identity.admit(batch.evidence()))
          .isRefusedFor(RefusalReason.NOT_ALLOWED)
          .explaining("shop/sa/batch");
    }
  }

  @Test
  void webMayCallWithATokenOfItsServiceAccountAsWell() {
    var web = TestIdentity.of("service-account-token:spiffe://shop.example/ns/shop/sa/web");
    var own = FakeMechanism.of("service-account-token:spiffe://shop.example/ns/shop/sa/orders");
    try (var identity = Orders.identity().mechanism(own).trustIdentityAlone().open()) {
      assertThat(identity.admit(web.evidence())).isAdmitted();
    }
  }
}
