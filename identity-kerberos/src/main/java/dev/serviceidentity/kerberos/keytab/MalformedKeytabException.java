// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import java.io.Serial;

/** What is wrong with the bytes of a keytab; never leaves this package. */
final class MalformedKeytabException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedKeytabException(String message) {
    super(message);
  }
}
