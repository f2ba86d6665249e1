// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import java.io.IOException;
import java.io.Serial;

/** The length before an answer is none that a KDC would send. */
final class OversizedAnswerException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  OversizedAnswerException(long length) {
    super("announced an answer of " + length + " bytes");
  }
}
