// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.assertions;

import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions on what a verifier found. */
public final class VerificationAssert extends AbstractAssert<VerificationAssert, Verification> {
  VerificationAssert(Verification actual) {
    super(actual, VerificationAssert.class);
  }

  /**
   * The caller has proven to be this principal.
   *
   * @param principal the canonical text, or a SPIFFE ID for mTLS
   * @return this
   */
  public VerificationAssert isVerifiedAs(String principal) {
    isNotNull();
    if (actual instanceof Verified verified) {
      Expected.principal(verified.caller().principal(), principal, verified.toString());
      return this;
    }
    Rejected rejected = (Rejected) actual;
    throw failure(
        "Expected %s to be verified, but it was rejected: %s, %s",
        principal, rejected.reason().name(), rejected.detail());
  }

  /**
   * The caller has not proven who it is, for this reason.
   *
   * @param reason the stable code
   * @return this
   */
  public VerificationAssert isRejectedFor(Reason reason) {
    Assertions.assertThat(rejected().reason())
        .describedAs("reason of: %s", rejected().detail())
        .isEqualTo(reason);
    return this;
  }

  /**
   * The caller was rejected, with a detail that holds all of these.
   *
   * @param parts words of it
   * @return this
   */
  public VerificationAssert explaining(String... parts) {
    Assertions.assertThat(rejected().detail()).contains(parts);
    return this;
  }

  private Rejected rejected() {
    isNotNull();
    if (actual instanceof Rejected rejected) {
      return rejected;
    }
    throw failure("Expected a rejection, but it was %s", actual);
  }
}
