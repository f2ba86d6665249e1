// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.testkit.junit.Identity;
import dev.serviceidentity.testkit.junit.ServiceIdentityTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the kit is for: the real guard, asked by callers whose proof alone is simulated. */
@ServiceIdentityTest
class WhoMayCallTest {
  private static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";
  private static final String BATCH = "spiffe://shop.example/ns/shop/sa/batch";

  private final InMemorySink events = new InMemorySink(16);

  /** Eight lines from the first to the last; the class around it has none that it needs. */
  @Test
  void aRefusalAndItsExplanationTakeEightLines() {
    var guard = ServiceIdentity.builder().allow(AllowedCallers.serviceAccounts("shop/web"));
    var batch = TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch");
    var own = FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders");
    try (var orders = guard.mechanism(own).trustIdentityAlone().open()) {
      assertThat(orders.admit(batch.evidence()))
          .isRefusedFor(RefusalReason.NOT_ALLOWED)
          .explaining("shop/sa/batch");
    }
  }

  @Test
  void whoMayIsAdmittedAndWhoMayNotIsRefused(
      @Identity(ORDERS) FakeMechanism own,
      @Identity(WEB) TestIdentity web,
      @Identity(BATCH) TestIdentity batch) {
    try (ServiceIdentity orders = open(own)) {
      assertThat(orders.admit(web.evidence())).isAdmittedAs(WEB);
      assertThat(orders.admit(batch.evidence()))
          .isRefusedFor(RefusalReason.NOT_ALLOWED)
          .atLayer(Layer.CALLER)
          .withStatus(403);
    }
  }

  @Test
  void whatIsWrongWithACredentialIsFoundAtTheFirstLayer(
      @Identity(ORDERS) FakeMechanism own, @Identity(WEB) TestIdentity web) {
    try (ServiceIdentity orders = open(own)) {
      assertThat(orders.admit(web.expired().evidence())).isRefusedFor(TestRejection.EXPIRED);
      assertThat(orders.admit(web.tampered().evidence()))
          .isRefusedFor(TestRejection.TAMPERED)
          .atLayer(Layer.IDENTITY)
          .withStatus(401);
    }
  }

  @Test
  void whatTheGuardRecordsIsThereToAssert(
      @Identity(ORDERS) FakeMechanism own, @Identity(BATCH) TestIdentity batch) {
    try (ServiceIdentity orders = open(own)) {
      orders.admit(batch.from("10.1.0.9").evidence().request("GET", "/orders/7"));
      assertThat(events)
          .hasRefused(RefusalReason.NOT_ALLOWED)
          .by(BATCH)
          .from("10.1.0.9")
          .forRequest("GET", "/orders/7");
    }
  }

  @Test
  void anotherMechanismThanTheServicesOwnIsNoCredential(@Identity(ORDERS) FakeMechanism own) {
    try (ServiceIdentity orders = open(own)) {
      TestIdentity alice = TestIdentity.of("kerberos:alice@SHOP.EXAMPLE");
      assertThat(orders.admit(alice.evidence())).isRefusedFor(RefusalReason.NO_CREDENTIALS);
    }
  }

  @Test
  void aMechanismThatFailsIsADecisionOfNobody(
      @Identity(ORDERS) FakeMechanism own, @Identity(WEB) TestIdentity web) {
    try (ServiceIdentity orders = open(own)) {
      own.fail(new IdentityException(IdentityException.Code.AUTHORITY_UNREACHABLE, "no KDC"));
      assertThat(orders.admit(web.evidence()))
          .isRefusedFor(TestRejection.FAILING)
          .atLayer(Layer.IDENTITY)
          .withStatus(503);
      own.recover();
      assertThat(orders.admit(web.evidence())).isAdmitted();
    }
  }

  @Test
  void aCallerIsRefusedWhileTheTestSaysSo(
      @Identity(ORDERS) FakeMechanism own, @Identity(WEB) TestIdentity web) {
    try (ServiceIdentity orders = open(own)) {
      own.rejectCallers();
      assertThat(orders.admit(web.evidence())).isRefusedFor(TestRejection.TOLD_TO);
      own.acceptCallers();
      assertThat(orders.admit(web.evidence())).isAdmitted();
    }
  }

  @Test
  void theClockEndsWhatACallerHasShown(
      TestClock clock, @Identity(ORDERS) FakeMechanism own, @Identity(WEB) TestIdentity web) {
    try (ServiceIdentity orders = open(own)) {
      var early = web.evidence();
      clock.advance(Duration.ofHours(1));
      assertThat(orders.admit(early)).isRefusedFor(TestRejection.EXPIRED);
      assertThat(orders.admit(web.evidence())).isAdmitted();
    }
  }

  private ServiceIdentity open(FakeMechanism own) {
    return ServiceIdentity.builder()
        .mechanism(own)
        .trustIdentityAlone()
        .allow(AllowedCallers.serviceAccounts("shop/web"))
        .audit(events)
        .open();
  }
}
