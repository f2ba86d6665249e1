// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.io.Serial;

/** Carries a rejection out of the readers of a token; never leaves this package. */
final class RefusedTokenException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final KerberosRejection reason;

  /** Without a stack trace: hostile tokens must stay cheap. */
  RefusedTokenException(KerberosRejection reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  static RefusedTokenException malformed(String detail) {
    return new RefusedTokenException(KerberosRejection.MALFORMED_TOKEN, detail);
  }

  KerberosRejection reason() {
    return reason;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
