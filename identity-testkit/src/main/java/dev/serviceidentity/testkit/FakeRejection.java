// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.caller.Reason;

/** Why a {@link FakeMechanism} rejects a caller. */
public enum FakeRejection implements Reason {
  /** The field is not one that a fake mechanism writes, or there are several. */
  MALFORMED(Kind.UNAUTHENTICATED, "Write the field with FakeMechanism.credentialsFor(...)."),
  /** The credential ended before the verifier's clock. */
  EXPIRED(Kind.UNAUTHENTICATED, "Open the calling fake on the same clock, or with a longer life."),
  /** The test told the verifier to reject everybody. */
  TOLD_TO(Kind.UNAUTHENTICATED, "Call acceptCallers() on the verifying fake."),
  /** The test told the mechanism to fail, so that it cannot decide. */
  FAILING(Kind.UNDECIDED, "Call recover() on the verifying fake."),
  /** The verifying mechanism has been closed. */
  CLOSED(Kind.UNDECIDED, "Verify before the fake is closed.");

  private final Kind kind;
  private final String remedy;

  FakeRejection(Kind kind, String remedy) {
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
