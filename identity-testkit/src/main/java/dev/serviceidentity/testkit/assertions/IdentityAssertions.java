// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.assertions;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.Verification;

/**
 * Where assertions begin; its {@code assertThat} and AssertJ's may both be imported.
 *
 * <pre>{@code
 * assertThat(identity.admit(batch.evidence()))
 *     .isRefusedFor(RefusalReason.NOT_ALLOWED)
 *     .explaining("spiffe://shop.example/ns/shop/sa/batch", "AllowedCallers");
 * assertThat(events).hasRefused(RefusalReason.NOT_ALLOWED).from("192.0.2.1");
 * }</pre>
 */
public final class IdentityAssertions {
  private IdentityAssertions() {}

  /**
   * Begins an assertion on a decision.
   *
   * @param actual what a guard decided
   * @return to be continued
   */
  public static AccessDecisionAssert assertThat(AccessDecision actual) {
    return new AccessDecisionAssert(actual);
  }

  /**
   * Begins an assertion on a verification.
   *
   * @param actual what a verifier found
   * @return to be continued
   */
  public static VerificationAssert assertThat(Verification actual) {
    return new VerificationAssert(actual);
  }

  /**
   * Begins an assertion on an event.
   *
   * @param actual what was recorded
   * @return to be continued
   */
  public static AccessEventAssert assertThat(AccessEvent actual) {
    return new AccessEventAssert(actual);
  }

  /**
   * Begins an assertion on recorded events; it waits for them, because a guard records after it has
   * answered.
   *
   * @param actual the sink that the guard was given
   * @return to be continued
   */
  public static RecordedEventsAssert assertThat(InMemorySink actual) {
    return new RecordedEventsAssert(actual);
  }
}
