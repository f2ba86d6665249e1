// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.orders;

import static dev.serviceidentity.testkit.TestDecisions.admitted;
import static dev.serviceidentity.testkit.TestDecisions.refused;
import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import dev.serviceidentity.testkit.TestIdentity;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the service makes of decisions, which the tests dictate. */
class AnswerTest {
  private final TestIdentity web = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web");
  private final CallerEvidence request = web.evidence().request("GET", "/orders/7");
  private final FakeServiceIdentity identity =
      FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");
  private final Orders orders = new Orders(identity, Map.of("/orders/7", "a kettle"));

  @Test
  void anOrderIsShownOnlyAfterAnAdmission() {
    identity
        .whenAdmitting()
        .once(refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "not today"))
        .always(admitted(web));
    assertThat(orders.answer(request).status()).isEqualTo(403);
    assertThat(orders.answer(request).text()).isEqualTo("a kettle");
    assertThat(identity.events()).hasRefused(RefusalReason.NOT_ALLOWED).explaining("not today");
  }

  @Test
  void aRefusalTellsTheCallerNothingButItsLayer() {
    identity
        .whenAdmitting()
        .always(refused(Layer.BINDING, RefusalReason.WRONG_WORKLOAD, "it came from shop/batch"));
    assertThat(orders.answer(request).text()).contains("BINDING").doesNotContain("shop/batch");
  }

  @Test
  void anOrderThatIsNotThereIsNotFound() {
    identity.whenAdmitting().always(admitted(web));
    assertThat(orders.answer(web.evidence().request("GET", "/orders/8")).status()).isEqualTo(404);
  }
}
