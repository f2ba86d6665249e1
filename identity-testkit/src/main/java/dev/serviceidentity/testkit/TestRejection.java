// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.caller.Reason;

/** Why a {@link TestVerifier}, or a {@link FakeMechanism}, rejects a caller. */
public enum TestRejection implements Reason {
  /** The field is not one that a test identity writes, or there are several. */
  MALFORMED(Kind.UNAUTHENTICATED, "Take the evidence from TestIdentity, once per mechanism."),
  /** What the field says is not what was sealed, or another JVM or class loader sealed it. */
  TAMPERED(Kind.UNAUTHENTICATED, "Take the evidence from a TestIdentity of this JVM, untampered."),
  /** The credential ended before the verifier's clock. */
  EXPIRED(Kind.UNAUTHENTICATED, "Give the identity the verifier's clock, or a longer life."),
  /** The credential begins after the verifier's clock. */
  NOT_YET_VALID(Kind.UNAUTHENTICATED, "Give the identity the verifier's clock."),
  /** The principal's domain or realm is not one that the verifier trusts. */
  UNTRUSTED_DOMAIN(Kind.UNAUTHENTICATED, "Name the domain in trusting(...)."),
  /** The test told the verifier to reject everybody. */
  TOLD_TO(Kind.UNAUTHENTICATED, "Call acceptCallers() on the verifying fake."),
  /** The test told the mechanism to fail, so that it cannot decide. */
  FAILING(Kind.UNDECIDED, "Call recover() on the verifying fake."),
  /** The verifying mechanism has been closed. */
  CLOSED(Kind.UNDECIDED, "Verify before the fake is closed.");

  private final Kind kind;
  private final String remedy;

  TestRejection(Kind kind, String remedy) {
    this.kind = kind;
    this.remedy = remedy;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String remedy() {
    return remedy;
  }
}
