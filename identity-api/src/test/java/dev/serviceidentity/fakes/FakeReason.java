// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import dev.serviceidentity.caller.Reason;

/** What a fake mechanism can find. */
public enum FakeReason implements Reason {
  WRONG_PROOF;

  @Override
  public Kind kind() {
    return Kind.UNAUTHENTICATED;
  }

  @Override
  public String remedy() {
    return "Send a better proof.";
  }
}
