// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.assertions;

import static dev.serviceidentity.testkit.TestDecisions.admitted;
import static dev.serviceidentity.testkit.TestDecisions.refused;
import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import dev.serviceidentity.testkit.TestIdentity;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IdentityAssertionsTest {
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";
  private static final String OTHER = "spiffe://shop.example/ns/shop/sa/other";

  private final TestIdentity web = TestIdentity.of(WEB);
  private final AccessDecision yes = admitted(web);
  private final AccessDecision no = refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "web may not");
  private final Verification verified = Verification.verified(web.caller());
  private final Verification rejected = Verification.rejected(RefusalReason.UNAVAILABLE, "no KDC");

  @Test
  void whatHoldsPasses() {
    assertThat(yes).isAdmitted().isAdmittedAs(WEB).isAdmittedAs("mtls:" + WEB).explaining(WEB);
    assertThat(no)
        .isRefusedFor(RefusalReason.NOT_ALLOWED)
        .atLayer(Layer.CALLER)
        .withStatus(403)
        .explaining("web may not", "AllowedCallers");
    assertThat(verified).isVerifiedAs(WEB);
    assertThat(rejected).isRejectedFor(RefusalReason.UNAVAILABLE).explaining("KDC");
    assertThat(recorded()).hasAdmitted(WEB).isAdmission().by(WEB).from("192.0.2.1");
    assertThat(recorded().events().get(0)).forRequest("GET", "/");
  }

  @Test
  void aFailedOneShowsWhatWasDecided() {
    fails(() -> assertThat(no).isAdmitted(), "web may not");
    fails(() -> assertThat(no).isAdmittedAs(WEB), "web may not");
    fails(() -> assertThat(no).isRefusedFor(RefusalReason.CLOSED), "web may not", "CLOSED");
    fails(() -> assertThat(no).atLayer(Layer.NETWORK), "web may not", "NETWORK");
    fails(() -> assertThat(no).withStatus(401), "web may not", "401");
    fails(() -> assertThat(no).explaining("cheese"), "web may not", "cheese");
    fails(() -> assertThat(yes).isRefusedFor(RefusalReason.NOT_ALLOWED), "admitted", WEB);
    fails(() -> assertThat(yes).isAdmittedAs(OTHER), WEB, OTHER);
    fails(() -> assertThat((AccessDecision) null).isAdmitted(), "not to be null");
  }

  @Test
  void aFailedOneShowsWhatWasVerified() {
    fails(() -> assertThat(rejected).isVerifiedAs(WEB), "UNAVAILABLE", "no KDC");
    fails(() -> assertThat(rejected).isRejectedFor(RefusalReason.CLOSED), "no KDC", "CLOSED");
    fails(() -> assertThat(rejected).explaining("cheese"), "no KDC", "cheese");
    fails(() -> assertThat(verified).isVerifiedAs(OTHER), WEB, OTHER);
    fails(() -> assertThat(verified).isRejectedFor(RefusalReason.CLOSED), WEB);
  }

  @ParameterizedTest
  @MethodSource
  void aFailedOneOnAnEventShowsTheEvent(Consumer<AccessEventAssert> claim) {
    AccessEventAssert event = assertThat(recorded()).hasAdmitted(WEB);
    fails(() -> claim.accept(event), "ADMITTED", WEB);
  }

  static Stream<Consumer<AccessEventAssert>> aFailedOneOnAnEventShowsTheEvent() {
    return Stream.of(
        event -> event.isRefusalFor(RefusalReason.CLOSED),
        event -> event.atLayer(Layer.CALLER),
        event -> event.by(OTHER),
        event -> event.from("10.1.0.5"),
        event -> event.forRequest("POST", "/"),
        event -> event.forRequest("GET", "/other"));
  }

  @Test
  void whatWasNotRecordedFailsWithWhatWas() {
    fails(
        () -> assertThat(recorded()).within(Duration.ZERO).hasRefused(RefusalReason.NOT_ALLOWED),
        "a refusal for NOT_ALLOWED",
        "ADMITTED",
        WEB);
    fails(
        () -> assertThat(recorded()).within(Duration.ZERO).hasAdmitted(OTHER),
        "an admission of mtls:" + OTHER,
        WEB);
    fails(
        () -> assertThat(new InMemorySink(1)).within(Duration.ZERO).hasAdmitted(WEB),
        "an admission of mtls:" + WEB,
        "none");
  }

  private InMemorySink recorded() {
    var orders = FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");
    orders.whenAdmitting().always(yes);
    orders.admit(web.evidence());
    return orders.events();
  }

  private static void fails(ThrowingCallable claim, String... saying) {
    assertThatThrownBy(claim).isInstanceOf(AssertionError.class).hasMessageContainingAll(saying);
  }
}
