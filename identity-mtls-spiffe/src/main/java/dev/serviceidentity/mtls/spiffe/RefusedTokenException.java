// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import java.io.Serial;

/** A token was refused. Inside this package only. */
final class RefusedTokenException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final JwtSvidRejection rejection;
  private final String detail;

  RefusedTokenException(JwtSvidRejection rejection, String detail) {
    super(rejection + ": " + detail);
    this.rejection = rejection;
    this.detail = detail;
  }

  JwtSvidRejection rejection() {
    return rejection;
  }

  /** The facts of this case; foreign text in it is escaped. */
  String detail() {
    return detail;
  }

  static void require(boolean holds, JwtSvidRejection otherwise, String detail)
      throws RefusedTokenException {
    if (!holds) {
      throw new RefusedTokenException(otherwise, detail);
    }
  }
}
