// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.caller.Verification;
import java.io.Serial;

/** A token was refused. Inside this package only. */
final class RefusedToken extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final TokenRejection rejection;
  private final String detail;

  /** The detail has foreign text escaped. */
  RefusedToken(TokenRejection rejection, String detail) {
    // Hostile tokens come by the thousand, and nobody looks at where they were refused.
    super(rejection + ": " + detail, null, false, false);
    this.rejection = rejection;
    this.detail = detail;
  }

  TokenRejection rejection() {
    return rejection;
  }

  Verification.Rejected toVerification() {
    return Verification.rejected(rejection, detail);
  }

  static void require(boolean holds, TokenRejection otherwise, String detail) throws RefusedToken {
    if (!holds) {
      throw new RefusedToken(otherwise, detail);
    }
  }
}
