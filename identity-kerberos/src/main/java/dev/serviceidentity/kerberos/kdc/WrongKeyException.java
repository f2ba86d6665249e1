// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.io.Serial;

/**
 * An answer that the client's key does not open: that key, or whoever answers, is the wrong one.
 */
final class WrongKeyException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String cure;

  WrongKeyException(PrincipalName own) {
    super("its answer does not open with the keytab's key", null, false, false);
    this.cure = KdcErrors.wrongKey(own);
  }

  /** What to do about the key: a sentence, with a space before it. */
  String cure() {
    return cure;
  }
}
