// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import java.io.Serial;

/** A forwarding header was refused. Inside this package only. */
final class RefusedHeaderException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final ForwardedRejection rejection;
  private final String detail;

  RefusedHeaderException(ForwardedRejection rejection, String detail) {
    super(rejection + ": " + detail);
    this.rejection = rejection;
    this.detail = detail;
  }

  ForwardedRejection rejection() {
    return rejection;
  }

  /** The facts of this case; foreign text in it is escaped. */
  String detail() {
    return detail;
  }

  static void require(boolean holds, ForwardedRejection otherwise, String detail)
      throws RefusedHeaderException {
    if (!holds) {
      throw new RefusedHeaderException(otherwise, detail);
    }
  }
}
